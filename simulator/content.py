"""Makes a site's content what its active defects ask for, and waits until each service takes part.

Ready means that a service answers in its own protocol; an open port is not enough.
"""

from __future__ import annotations

import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from simulator.cluster_access import admin_token
from simulator.manifests import DATABASE, Layout, Manifest

POLL_SECONDS = 0.1

# Never through a proxy: everything is on the loopback interface.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Stopped(Exception):  # noqa: N818 - not an error: the launcher gave up waiting
    """Raised in a waiting thread when the start was given up."""


def get_json(url: str, timeout: float = 2.0, headers: dict[str, str] | None = None) -> Any:
    """Return the JSON body of a GET; OSError when nothing answers or the status is an error."""
    request = urllib.request.Request(url, headers=headers or {})  # noqa: S310 - a loopback address of our own
    with _opener.open(request, timeout=timeout) as answer:
        body = answer.read()
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def apply(layout: Layout, path: str, manifest: Manifest) -> None:
    """Create one object at the API server."""
    change(layout, "POST", path, manifest)


def change(layout: Layout, method: str, path: str, body: Manifest) -> None:
    """Send one change to the API server; RuntimeError when it refuses."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{layout.ports.kubernetes}{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **_authorization(layout)},
        method=method,
    )
    try:
        with _opener.open(request, timeout=10):
            return
    except urllib.error.HTTPError as refused:
        said = refused.read().decode("utf-8", "replace")
        raise RuntimeError(f"{method} {path} refused: {said}") from refused


def listed(layout: Layout, path: str) -> list[Manifest]:
    """Return the objects of a collection of the API server; OSError when it does not answer."""
    url = f"http://127.0.0.1:{layout.ports.kubernetes}{path}"
    objects: list[Manifest] = get_json(url, headers=_authorization(layout))["items"]
    return objects


def _authorization(layout: Layout) -> dict[str, str]:
    return {"Authorization": f"Bearer {admin_token(layout.state)}"}


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


def mongodb_ready(layout: Layout, waiter: Waiter, defects: frozenset[str]) -> None:
    """Wait for the database and fill it (its client pings before each first operation)."""
    from pymongo.errors import PyMongoError, ServerSelectionTimeoutError

    from simulator.seed import seed_database  # pymongo loads while the server starts

    def seed() -> bool:
        try:
            seed_database(layout.mongodb_uri, DATABASE, defects)
        except ServerSelectionTimeoutError:
            return False
        return True

    waiter.port(layout.ports.mongodb)
    try:
        waiter.until(seed)
    except PyMongoError as problem:
        raise RuntimeError(str(problem)) from problem


def rabbitmq_ready(layout: Layout, waiter: Waiter, defects: frozenset[str]) -> None:
    """Wait for the broker, declare the site's exchange and queue, and wait for the management API."""
    from pika.exceptions import AMQPError

    from simulator.seed import declare_messaging  # pika loads while the server starts

    def declare() -> bool:
        try:
            declare_messaging(layout.rabbitmq_url, defects)
        except AMQPError:
            return False
        return True

    waiter.port(layout.ports.amqp)
    waiter.until(declare)
    waiter.port(layout.ports.management)


def focus_ready(layout: Layout, waiter: Waiter) -> None:
    """Wait for Focus Server's liveness answer."""
    waiter.http(f"http://127.0.0.1:{layout.ports.focus}/focus-server/ack", lambda _body: True)


def webapp_ready(layout: Layout, waiter: Waiter, defects: frozenset[str]) -> None:
    """Wait for the web app, and for its link to the broker where there is one."""
    linked = layout.with_broker and "exchange-missing" not in defects
    waiter.http(f"http://127.0.0.1:{layout.ports.webapp}/health", lambda body: bool(body["rabbitmq"]) or not linked)


def ingress_ready(layout: Layout, waiter: Waiter) -> None:
    """Wait until the HTTPS door listens."""
    waiter.port(layout.ports.ingress)


def switch_content(layout: Layout, defects: frozenset[str]) -> None:
    """Bring the content of a running site in line with its defects; RuntimeError when a service does not answer."""
    from pika.exceptions import AMQPError
    from pymongo.errors import PyMongoError

    from simulator.cluster_objects import set_objects
    from simulator.seed import declare_messaging, seed_database

    try:
        set_objects(layout, defects)
        seed_database(layout.mongodb_uri, DATABASE, defects)
        if layout.with_broker:
            declare_messaging(layout.rabbitmq_url, defects)
    except (PyMongoError, AMQPError, OSError) as problem:
        raise RuntimeError(f"{type(problem).__name__} {problem}".strip()) from problem
