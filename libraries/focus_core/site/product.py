"""The site of another product: what every site file may have; the product's own class adds what is its own.

    class Site(ProductSite):
        station: Station
        workloads: Workloads

What a monitor, a load, probes and locks ask of a site stands here; nothing of it is about one product.
"""

from __future__ import annotations

import importlib
from dataclasses import field
from pathlib import Path
from typing import Any, ClassVar

from focus_core.base.errors import SiteFileError
from focus_core.site import validation
from focus_core.site.loader import register_secrets
from focus_core.site.model import (
    Cluster,
    Logs,
    Mongo,
    Node,
    Part,
    Policy,
    Rabbit,
    SitePath,
    Text,
    Tls,
    Url,
    User,
    absent,
)


class NoWorkloads(Part):
    """A product whose site file names no workload of its own."""


class ProductSite(Part):
    """What site files of all products have in common. A section that is left out is a capability that is missing."""

    name: Text
    simulated: bool = False
    description: str = ""
    state_dir: SitePath | None = None
    mongodb: Mongo = absent("mongodb")
    rabbitmq: Rabbit = absent("rabbitmq")
    kubernetes: Cluster = absent("kubernetes")
    node: Node = absent("node")
    tls: Tls = Tls()
    proxy: Url | None = None
    users: list[User] = field(default_factory=list)
    workloads: Any = NoWorkloads()
    # A product whose cluster makes a job for a request names what those begin with.
    job_prefix: str = ""
    cleanup_prefix: ClassVar[str] = ""
    service_prefix: ClassVar[str] = ""
    capabilities: list[Text] = field(default_factory=list)
    policy: Policy = Policy()
    logs: Logs = Logs()


def load(path: Path, schema: str) -> Any:
    """The validated site of a product, its secrets registered. ``schema`` is ``MODULE:CLASS``.

    Raises ``SiteFileError`` for a file that does not fit, and for a class that is not there.
    """
    module, _, name = schema.partition(":")
    try:
        model = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise SiteFileError(
            f"There is no class {schema} for the site file ({error}); name it as MODULE:CLASS."
        ) from None
    site = validation.validated(model, validation.content_of(path), path)
    register_secrets(site)
    return site
