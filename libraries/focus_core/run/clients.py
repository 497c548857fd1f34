"""The clients of a site, each as one user: those that any user may have, and those that this lane shares.

Heavy clients are imported on first use: a suite that speaks only REST must not pay for them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from focus_core.run import job_keeper, probes
from focus_core.server.client import Exchange, FocusClient
from focus_core.site import data as site_data
from focus_core.site.model import Site, User
from focus_core.webapp.client import WebAppClient

if TYPE_CHECKING:
    from focus_core.cluster.client import ClusterClient
    from focus_core.mongodb.client import MongoSite
    from focus_core.rabbitmq.client import RabbitClient


def focus_client(site: Site, user: User, record: Callable[[Exchange], None] | None = None) -> FocusClient:
    """The Focus Server of ``site`` as ``user``, with a web app login where the site asks for one.

    Its jobs are removed at the end of the test, or by the next run; ``record`` is called with every exchange.
    """
    token = None
    if site.focus.auth == "token":
        webapp = webapp_client(site, user)
        token = lambda: webapp.login().value  # noqa: E731 - one expression, used once
    end_job = None
    if "kubernetes" in site.capabilities:
        end_job = lambda job_id: _delete_job(site, job_id)  # noqa: E731 - one expression, used once
    return FocusClient(
        site.focus.url,
        timeout=site.focus.timeout,
        verify=site.tls.verify,
        token=token,
        record=record,
        jobs=job_keeper.of_site(site, user),
        end_job=end_job,
        liveness_check=lambda: probes.require_alive(site, "rest"),
        proxy=site.proxy,
    )


def webapp_client(site: Site, user: User) -> WebAppClient:
    """The web app of ``site`` as ``user``."""
    return WebAppClient.of_site(site, user, liveness_check=lambda: probes.require_alive(site, "webapp"))


def cluster() -> ClusterClient:
    """The cluster of this run's site."""
    return _cluster(site_data.site_name())


def mongodb() -> MongoSite:
    """The MongoDB of this run's site, through connections that the process shares."""
    return _mongodb(site_data.site_name())


def rabbitmq() -> RabbitClient:
    """The broker of this run's site."""
    return _rabbitmq(site_data.site_name())


def webapp() -> WebAppClient:
    """The web app of this run's site as this lane's user, with one login for all."""
    return _webapp(site_data.site_name())


# One client for each site that a process uses.
@cache
def _cluster(site_name: str) -> ClusterClient:  # noqa: ARG001
    from focus_core.cluster.client import ClusterClient

    return ClusterClient.of_site(site_data.site())


@cache
def _mongodb(site_name: str) -> MongoSite:  # noqa: ARG001
    from focus_core.mongodb.client import MongoSite

    return MongoSite.of_site(site_data.site(), shared=True)


@cache
def _rabbitmq(site_name: str) -> RabbitClient:  # noqa: ARG001
    from focus_core.rabbitmq.client import RabbitClient

    return RabbitClient.of_site(site_data.site())


@cache
def _webapp(site_name: str) -> WebAppClient:  # noqa: ARG001
    return webapp_client(site_data.site(), site_data.lane_user())


def _delete_job(site: Site, job_id: str) -> None:
    from focus_core.cluster.client import ClusterClient

    ClusterClient.of_site(site).delete_job(f"{site.job_prefix}{job_id}")
