"""Is an interface of the site alive? One cheap question each, asked at most every 30 s for all suites together.

A verdict is kept in the site's state directory: a dead interface costs one timeout, and every suite that needs it
fails with the same sentence.
"""

import json
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import requests
from filelock import FileLock

from focus_core import locks, secrets
from focus_core.errors import BenchError
from focus_core.site_model import Interface, Site

VERDICT_LIFE_S = 30.0
TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Verdict:
    """What a probe found: ``trouble`` is empty, or one sentence. ``at`` is the epoch second of the finding."""

    interface: str
    trouble: str
    at: float
    seconds: float


def check(site: Site, interface: Interface, *, fresh: bool = False) -> Verdict:
    """The verdict on an interface, from the cache when it is young enough, unless a ``fresh`` one is asked for."""
    folder = locks.state_dir(site) / "verdicts"
    folder.mkdir(exist_ok=True)
    path = folder / f"{interface}.json"
    # Who comes second waits for the first's answer instead of paying the same timeout.
    with FileLock(f"{path}.lock"):
        known = None if fresh else _read(path)
        if known is None or not 0 <= time.time() - known.at < VERDICT_LIFE_S:
            known = _ask(site, interface)
            path.write_text(json.dumps(asdict(known)), encoding="utf-8")
    return known


def _read(path: Path) -> Verdict | None:
    try:
        return Verdict(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _ask(site: Site, interface: Interface) -> Verdict:
    begun = time.monotonic()
    trouble = ""
    try:
        _PROBES[interface](site)
    except BenchError as error:
        trouble = str(error)
    except Exception as error:  # noqa: BLE001 - every client has its own errors; all mean that the interface is dead
        reason = f"{type(error).__name__}: {error}".split("\n", 1)[0][:200]
        trouble = f"{_address(site, interface)} does not answer ({reason}); check that it runs and is reachable."
    return Verdict(interface, secrets.blank(trouble), time.time(), time.monotonic() - begun)


def _address(site: Site, interface: Interface) -> str:
    return {
        "rest": f"The Focus Server at {site.focus.url}",
        "grpc": f"The Focus Server at {site.focus.url}",
        "webapp": f"The web app at {site.webapp.url}",
        "mongodb": f"MongoDB at {site.mongodb.host}:{site.mongodb.port}",
        "rabbitmq": f"RabbitMQ at {site.rabbitmq.host}:{site.rabbitmq.port}",
        "kubernetes": f"The Kubernetes API of context {site.kubernetes.context} ({site.kubernetes.kubeconfig})",
        "ssh": f"The node at {site.node.host}:{site.node.port}",
    }[interface]


def _get(site: Site, url: str) -> None:
    try:
        with requests.Session() as session:
            session.trust_env = False  # like the clients: no proxy or CA bundle of the machine comes between
            answer = session.get(url, timeout=TIMEOUT_S, verify=site.tls.verify)
    except requests.RequestException as error:
        raise BenchError(f"{url} does not answer ({type(error).__name__}); check that the service runs.") from None
    if answer.status_code != requests.codes.ok:
        raise BenchError(f"{url} answered {answer.status_code} instead of 200; look at the log of the service.")


def _rest(site: Site) -> None:
    _get(site, f"{site.focus.url}/ack")


def _webapp(site: Site) -> None:
    _get(site, f"{site.webapp.url}/login-configuration?successRedirectUrl=/&errorRedirectUrl=/externalLoginError")


def _mongodb(site: Site) -> None:
    from pymongo import MongoClient

    settings = site.mongodb
    timeout_ms = int(TIMEOUT_S * 1000)
    with MongoClient[dict[str, object]](
        settings.host,
        settings.port,
        directConnection=True,
        serverSelectionTimeoutMS=timeout_ms,
        connectTimeoutMS=timeout_ms,
        username=settings.username or None,
        password=secrets.reveal(settings.password) or None,
        authSource=settings.auth_source,
    ) as client:
        client[settings.database].command("ping")


def _rabbitmq(site: Site) -> None:
    import pika

    settings = site.rabbitmq
    parameters = pika.ConnectionParameters(
        settings.host,
        settings.port,
        settings.vhost,
        pika.PlainCredentials(settings.username, secrets.reveal(settings.password)),
        socket_timeout=TIMEOUT_S,
        stack_timeout=TIMEOUT_S,
        blocked_connection_timeout=TIMEOUT_S,
    )
    pika.BlockingConnection(parameters).close()


def _kubernetes(site: Site) -> None:
    from kubernetes import client, config

    settings = site.kubernetes
    api_client = config.new_client_from_config(str(settings.kubeconfig), settings.context)
    with api_client:
        client.CoreV1Api(api_client).list_namespaced_pod(settings.namespace, limit=1, _request_timeout=TIMEOUT_S)


def _ssh(site: Site) -> None:
    with socket.create_connection((site.node.host, site.node.port), timeout=TIMEOUT_S) as connection:
        connection.settimeout(TIMEOUT_S)
        greeting = connection.recv(64)
    if not greeting.startswith(b"SSH-"):
        raise BenchError(
            f"{site.node.host}:{site.node.port} is not an SSH server; correct node.host and node.port of the site file."
        )


# A job's gRPC port exists only while the job lives; before that there is only the Focus Server to ask.
_PROBES: dict[Interface, Callable[[Site], None]] = {
    "rest": _rest,
    "grpc": _rest,
    "webapp": _webapp,
    "mongodb": _mongodb,
    "rabbitmq": _rabbitmq,
    "kubernetes": _kubernetes,
    "ssh": _ssh,
}
