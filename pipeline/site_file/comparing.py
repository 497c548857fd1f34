"""A site file against the living site. Read only: nothing here makes, changes or removes anything there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from focus_core.base.errors import BenchError
from focus_core.run import clients, probes
from focus_core.site.model import Interface, Site, Workload


@dataclass(frozen=True)
class Finding:
    """`trouble` is empty, or one sentence: what differs, and what to correct."""

    what: str
    trouble: str = ""


def findings(site: Site) -> Iterator[Finding]:
    """Each interface that the file describes, and what it says of those that answer."""
    for interface in site.capabilities:
        trouble = probes.check(site, interface, fresh=True).trouble
        yield Finding(interface, trouble)
        if not trouble and interface in _COMPARED:
            yield from _asked(interface, site)


def _asked(interface: Interface, site: Site) -> Iterator[Finding]:
    try:
        yield from _COMPARED[interface](site)
    except (BenchError, AssertionError) as error:
        yield Finding(f"what {interface} says", str(error))


def _rest(site: Site) -> Iterator[Finding]:
    answer = clients.focus_client(site, site.users[0]).send("GET", "/channels")
    if answer.status != HTTPStatus.OK:
        yield Finding("limits", f"GET /channels answered {answer.status}; the limits cannot be compared.")
        return
    try:
        found = json.loads(answer.body)
        channels = (int(found["lowest_channel"]), int(found["highest_channel"]))
    except (ValueError, KeyError, TypeError):
        yield Finding("limits", "GET /channels names no lowest_channel and highest_channel; they cannot be compared.")
        return
    for key, value in zip(("lowest_channel", "highest_channel"), channels, strict=True):
        written = getattr(site.limits, key)
        yield Finding(
            f"limits.{key}",
            "" if written == value else f"limits.{key} is {written}, the site says {value}: correct the file.",
        )


def _mongodb(site: Site) -> Iterator[Finding]:
    from focus_core.mongodb.client import MongoSite

    with closing(MongoSite.of_site(site)) as mongo:
        found = mongo.collections()
    empty = f"Database '{site.mongodb.database}' has no collection: correct mongodb.database."
    yield Finding("mongodb.database", "" if found else empty)


def _rabbitmq(site: Site) -> Iterator[Finding]:
    from focus_core.rabbitmq.client import RabbitClient

    known = {exchange.name for exchange in RabbitClient.of_site(site).management.exchanges()}
    wanted = site.rabbitmq.exchange
    missing = f"The broker has no exchange '{wanted}' in vhost '{site.rabbitmq.vhost}': correct rabbitmq.exchange."
    yield Finding("rabbitmq.exchange", "" if wanted in known else missing)


def _kubernetes(site: Site) -> Iterator[Finding]:
    from focus_core.cluster.client import ClusterClient

    cluster = ClusterClient.of_site(site)
    for name, workload in vars(site.workloads).items():
        if workload is None:
            continue
        workload = cast("Workload", workload)
        key = f"workloads.{name}"
        if cluster.workload(workload.kind, workload.name) is None:
            yield Finding(key, f"The cluster has no {workload.kind} '{workload.name}': correct {key}.name or .kind.")
        elif not cluster.pods(workload.selector):
            yield Finding(key, f"No pod is found by '{workload.selector}': correct {key}.selector.")
        else:
            yield Finding(key)


_COMPARED: dict[Interface, Callable[[Site], Iterator[Finding]]] = {
    "rest": _rest,
    "mongodb": _mongodb,
    "rabbitmq": _rabbitmq,
    "kubernetes": _kubernetes,
}
