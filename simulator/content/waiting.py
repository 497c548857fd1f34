"""Waits until the services of a site take part.

Ready means that a service answers in its own protocol; an open port is not enough.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from simulator.content.kube_client import get_json, listed
from simulator.layout.manifests import Layout

POLL_SECONDS = 0.1


class Stopped(Exception):  # noqa: N818 - not an error: the launcher gave up waiting
    """Raised in a waiting thread when the start was given up."""


class Waiter:
    """Polls until something holds, or until the launcher gives up."""

    def __init__(self) -> None:
        self.given_up = threading.Event()

    def until(self, probe: Callable[[], bool]) -> None:
        """Return when the probe returned True; connection errors mean "not yet"."""
        while not self.given_up.is_set():
            try:
                if probe():
                    return
            except (OSError, TimeoutError):
                pass
            time.sleep(POLL_SECONDS)
        raise Stopped

    def http(self, url: str, good: Callable[[Any], bool] = bool) -> None:
        """Wait for a 200 whose body is good."""
        self.until(lambda: good(get_json(url)))

    def port(self, port: int) -> None:
        """Wait until the loopback port accepts connections."""

        def probe() -> bool:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True

        self.until(probe)


def kubernetes_ready(layout: Layout, waiter: Waiter) -> None:
    """Wait for the API server's /readyz."""
    waiter.http(f"http://127.0.0.1:{layout.ports.kubernetes}/readyz")


def node_ready(layout: Layout, waiter: Waiter) -> None:
    """Wait for the SSH banner."""

    def probe() -> bool:
        with socket.create_connection(("127.0.0.1", layout.ports.node), timeout=1) as connection:
            connection.settimeout(2)
            return connection.recv(32).startswith(b"SSH-2.0")

    waiter.until(probe)


def focus_ready(layout: Layout, waiter: Waiter) -> None:
    """Wait for Focus Server's liveness answer."""
    waiter.http(f"http://127.0.0.1:{layout.ports.focus}/focus-server/ack", lambda _body: True)


def webapp_ready(layout: Layout, waiter: Waiter, defects: frozenset[str]) -> None:
    """Wait for the web app, and for its link to the broker where there is one."""
    linked = layout.with_broker and defects.isdisjoint({"exchange-missing", "webapp-never-reconnects"})
    waiter.http(f"http://127.0.0.1:{layout.ports.webapp}/health", lambda body: bool(body["rabbitmq"]) or not linked)


def ingress_ready(layout: Layout, waiter: Waiter) -> None:
    """Wait until the ingress listens."""
    waiter.port(layout.ports.ingress)


def unready_workloads(layout: Layout) -> list[str]:
    """Return the deployments and stateful sets that have fewer ready pods than they are to have."""
    unready = []
    for kind in ("deployments", "statefulsets"):
        for one in listed(layout, f"/apis/apps/v1/{kind}"):
            status = one.get("status", {})
            seen = status.get("observedGeneration", 0) >= one["metadata"].get("generation", 0)
            if not seen or status.get("readyReplicas", 0) < one["spec"]["replicas"]:
                unready.append(one["metadata"]["name"])
    return unready
