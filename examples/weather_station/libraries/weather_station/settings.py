"""What a site file of Weather Station holds, beside what all products have in common."""

import os
from functools import cache
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.site import product
from focus_core.site.model import Part, Seconds, Url, Workload


class Service(Part):
    """The service under test."""

    url: Url
    timeout: Seconds = 10


class Workloads(Part):
    """The workloads of the cluster, whose logs the monitor follows."""

    service: Workload | None = None
    mongodb: Workload | None = None
    rabbitmq: Workload | None = None


class Site(product.ProductSite):
    """One site of Weather Station."""

    service: Service
    workloads: Workloads = Workloads()


@cache
def opened() -> Site:
    """The site of this run, by ``FOCUS_SITE``. Raises ``BenchError`` where no run has chosen one."""
    chosen = os.environ.get("FOCUS_SITE")
    if not chosen:
        raise BenchError("No site is chosen: start the tests with 'python run.py test', or set FOCUS_SITE.")
    site: Site = product.load(Path(chosen), "weather_station.settings:Site")
    return site
