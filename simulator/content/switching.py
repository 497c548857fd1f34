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

from simulator.layout.credentials import read_secret
from simulator.layout.kubeconfigs import admin_token
from simulator.layout.manifests import BROKER_USER, DATABASE, NAMESPACE, Layout, Manifest, database_secret

POLL_SECONDS = 0.1
SWITCH_SECONDS = 10.0
# RabbitMQ takes up to ten seconds to restart, on a busy machine much more.
RESTART_SECONDS = 80.0

_SECRETS = f"/api/v1/namespaces/{NAMESPACE}/secrets"
_STALE = "mongodb-secret-stale"

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


def change(layout: Layout, method: str, path: str, body: Manifest | None = None, media: str = "json") -> None:
    """Send one change to the API server; RuntimeError when it refuses."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{layout.ports.kubernetes}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": f"application/{media}", **_authorization(layout)},
        method=method,
    )
    try:
        _opener.open(request, timeout=10).close()
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

    from simulator.content.mongodb import seed_database, set_default_login  # pymongo loads while the server starts

    def seed() -> bool:
        try:
            seed_database(layout.mongodb_uri, DATABASE, defects)
            set_default_login(layout.mongodb_root_uri, defects)
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

    from simulator.content.rabbitmq import declare_messaging, manage  # pika loads while the server starts

    def declare() -> bool:
        try:
            declare_messaging(layout.rabbitmq_url, defects)
        except AMQPError:
            return False
        return True

    waiter.port(layout.ports.amqp)
    waiter.until(declare)
    if "management-missing" not in defects:
        waiter.port(layout.ports.management)
        password = read_secret(layout.state, "rabbitmq")

        def set_up() -> bool:
            manage(layout.management_url, BROKER_USER, password, defects)
            return True

        waiter.until(set_up)


def focus_ready(layout: Layout, waiter: Waiter) -> None:
    """Wait for Focus Server's liveness answer."""
    waiter.http(f"http://127.0.0.1:{layout.ports.focus}/focus-server/ack", lambda _body: True)


def webapp_ready(layout: Layout, waiter: Waiter, defects: frozenset[str]) -> None:
    """Wait for the web app, and for its link to the broker where there is one."""
    linked = layout.with_broker and defects.isdisjoint({"exchange-missing", "webapp-never-reconnects"})
    waiter.http(f"http://127.0.0.1:{layout.ports.webapp}/health", lambda body: bool(body["rabbitmq"]) or not linked)


def ingress_ready(layout: Layout, waiter: Waiter) -> None:
    """Wait until the HTTPS door listens."""
    waiter.port(layout.ports.ingress)


def switch_content(layout: Layout, defects: frozenset[str], restarts: set[str]) -> None:
    """Bring the content of a running site in line with its defects; RuntimeError when a service does not answer.

    restarts: workloads (mongodb, rabbitmq-panda) whose pods have to start anew for it.
    """
    from simulator.content.kubernetes import set_objects

    waiter = Waiter()
    patience = RESTART_SECONDS if restarts else SWITCH_SECONDS
    giving_up = threading.Timer(patience, waiter.given_up.set)
    giving_up.start()
    try:
        set_objects(layout, defects)
        for workload in restarts:
            _restart(layout, workload, waiter)
        secret = database_secret(layout, stale=_STALE in defects)
        change(layout, "PATCH", f"{_SECRETS}/mongodb", secret, "merge-patch+json")
        mongodb_ready(layout, waiter, defects)
        if layout.with_broker:
            rabbitmq_ready(layout, waiter, defects)
        if "rabbitmq-panda" in restarts:
            webapp_ready(layout, waiter, defects)
    except Stopped:
        raise RuntimeError(f"not ready within {patience:.0f} s") from None
    except OSError as problem:
        raise RuntimeError(f"{type(problem).__name__} {problem}".strip()) from problem
    finally:
        giving_up.cancel()


def _restart(layout: Layout, workload: str, waiter: Waiter) -> None:
    """Delete the pods of a workload, and return when others are ready in their place."""
    pods = f"/api/v1/namespaces/{NAMESPACE}/pods"
    selector = f"?labelSelector=app.kubernetes.io/instance={workload}"

    def ready() -> set[str]:
        return {
            pod["metadata"]["uid"]
            for pod in listed(layout, pods + selector)
            if {"type": "Ready", "status": "True"}.items()
            <= next((one for one in pod["status"].get("conditions", []) if one["type"] == "Ready"), {}).items()
        }

    old = ready()
    for pod in listed(layout, pods + selector):
        change(layout, "DELETE", f"{pods}/{pod['metadata']['name']}")
    waiter.until(lambda: bool(ready() - old))
