"""Makes the content of a site what its active defects ask for, at its start and while it runs."""

from __future__ import annotations

import threading

from simulator.content.kube_client import change, listed
from simulator.content.kubernetes import set_objects
from simulator.content.waiting import Stopped, Waiter, webapp_ready
from simulator.layout.credentials import read_secret
from simulator.layout.manifests import BROKER_USER, DATABASE, NAMESPACE, Layout, database_secret

SWITCH_SECONDS = 30.0
# RabbitMQ takes up to ten seconds to restart, on a busy machine much more.
RESTART_SECONDS = 80.0

_SECRETS = f"/api/v1/namespaces/{NAMESPACE}/secrets"
_STALE = "mongodb-secret-stale"


def prepare_mongodb(layout: Layout, waiter: Waiter, defects: frozenset[str]) -> None:
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


def prepare_rabbitmq(layout: Layout, waiter: Waiter, defects: frozenset[str]) -> None:
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


def switch_content(layout: Layout, defects: frozenset[str], restarts: set[str]) -> None:
    """Bring the content of a running site in line with its defects; RuntimeError when a service does not answer.

    restarts: workloads (mongodb, rabbitmq-panda) whose pods have to start anew for it.
    """
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
        prepare_mongodb(layout, waiter, defects)
        if layout.with_broker:
            prepare_rabbitmq(layout, waiter, defects)
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
