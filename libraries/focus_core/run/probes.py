"""Is an interface of the site alive? One cheap question each, asked once for all suites together.

A verdict is kept in the site's state directory: a dead interface costs a run one timeout in 30 s, and every suite that
needs it fails with the same sentence. It counts within that run only, and as long as the site was not started anew and
the environment leads there the same way: whoever repaired the site must not read what was.
"""

import json
import os
import re
import time
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock

from focus_core.base import run_identity, tape
from focus_core.base.errors import BenchError
from focus_core.base.http_session import HttpSession, NoAnswerError
from focus_core.base.threads import Threads
from focus_core.node import shell
from focus_core.server.client import FocusClient
from focus_core.site import secrets, state
from focus_core.site.model import Interface, Site
from focus_core.webapp.client import WebAppClient

VERDICT_LIFE_S = 30.0
# A good one is cheap to renew, and what died meanwhile must not be taken for alive (docs/decisions/0014-verdicts.md).
GOOD_VERDICT_LIFE_S = 3.0
TIMEOUT_S = 5.0
# What of the environment can change how a service is reached.
_WAY = re.compile(r"\w+_proxy|ssl_cert_(file|dir)|kubeconfig", re.IGNORECASE)
# Whether `require_alive` probes only where a fresh verdict is asked for; measurements that mutate answers set it.
only_fresh = False


@dataclass(frozen=True)
class Verdict:
    """What a probe found: ``trouble`` is empty, or one sentence. ``at`` is the epoch second of the finding."""

    interface: str
    trouble: str
    at: float
    seconds: float
    run: str = ""

    @property
    def is_fresh(self) -> bool:
        """Whether it is young enough to be relied on, and of this run where it is a bad one."""
        if self.trouble and self.run != run_identity.run_of_lanes():
            return False
        life = VERDICT_LIFE_S if self.trouble else GOOD_VERDICT_LIFE_S
        return 0 <= time.time() - self.at < (2 * life if self.interface == "site" else life)


def check(site: Site, interface: Interface, *, fresh: bool = False) -> Verdict:
    """The verdict on an interface, from the cache when it is young enough, unless a ``fresh`` one is asked for.

    A site that was found dead as a whole is not asked again, fresh or not, before that verdict is old.
    """
    whole = _read(_path(site, "site"))
    if whole and whole.trouble and whole.is_fresh:
        return whole
    path = _path(site, interface)
    path.parent.mkdir(exist_ok=True)
    # Who comes second waits for the first's answer instead of paying the same timeout.
    with FileLock(f"{path}.lock"):
        known = None if fresh else _read(path)
        if known is None or not known.is_fresh:
            known = _ask(site, interface)
            path.write_text(json.dumps(asdict(known)), encoding="utf-8")
    return known


def require_alive(site: Site, interface: Interface, *, fresh: bool = False) -> Verdict:
    """The same, and raises ``BenchError`` in one sentence when the interface, or the whole site, is dead."""
    if only_fresh and not fresh:
        return Verdict(interface, "", time.time(), 0.0)
    verdict = check(site, interface, fresh=fresh)
    if verdict.trouble:
        raise BenchError(dead_site(site) or verdict.trouble)
    return verdict


def dead_site(site: Site) -> str:
    """One sentence when nothing of the site answers, else an empty text. Remembered like a verdict, twice as long.

    All interfaces are asked at the same time; none is, while the Focus Server answers.
    """
    path = _path(site, "site")
    path.parent.mkdir(exist_ok=True)
    with FileLock(f"{path}.lock"):
        known = _read(path)
        if known is None or not known.is_fresh:
            known = Verdict("site", _whole_trouble(site), time.time(), 0, run_identity.run_of_lanes())
            path.write_text(json.dumps(asdict(known)), encoding="utf-8")
    return known.trouble


def _whole_trouble(site: Site) -> str:
    # The product's sources lie on this machine: they say nothing of the site.
    interfaces: list[Interface] = [
        name for name in get_args(Interface) if name in site.capabilities and name != "product_sources"
    ]
    if not interfaces or ("rest" in interfaces and not check(site, "rest").trouble):
        return ""
    with Threads(len(interfaces)) as pool:
        troubles = list(pool.map(lambda interface: check(site, interface).trouble, interfaces))
    if not all(troubles):
        return ""
    return f"Site {site.name} is dead: nothing answers of {', '.join(interfaces)}. {troubles[0]}"


def _path(site: Site, interface: Interface | Literal["site"]) -> Path:
    # A corrected site file must not inherit the verdict on the wrong one, nor a site that was started anew the old one.
    started = ""
    if site.state_dir:
        with suppress(OSError):
            started = str((site.state_dir / "site.yaml").stat().st_mtime_ns)
    ways = sorted(item for item in os.environ.items() if _WAY.fullmatch(item[0]))
    version = zlib.crc32(f"{site!r} {started} {ways}".encode())
    return state.state_dir(site) / "verdicts" / f"{interface}-{version:08x}.json"


def _read(path: Path) -> Verdict | None:
    try:
        return Verdict(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _ask(site: Site, interface: Interface) -> Verdict:
    begun = time.monotonic()
    trouble = ""
    try:
        tape.through(_PROBE, f"probe {interface}", lambda: _PROBES[interface](site))
    except BenchError as error:
        trouble = str(error)
    except Exception as error:  # noqa: BLE001 - whatever a client still raises means that the interface cannot be used
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        trouble = f"The interface {interface} of site {site.name} cannot be used ({reason}); check its service."
    return Verdict(
        interface, secrets.blank(trouble), time.time(), time.monotonic() - begun, run_identity.run_of_lanes()
    )


def ask_focus_server(client: FocusClient) -> None:
    """Raises ``BenchError`` unless the Focus Server answers that it is well."""
    answer = client.send("GET", "/ack")
    if answer.status != HTTPStatus.OK:
        raise BenchError(f"{answer.url} answered {answer.status} instead of 200; look at the log of the Focus Server.")


def ask_mongodb(site: Site, timeout: float | None = None) -> None:
    """Raises ``BenchError`` unless MongoDB answers a ping on a new connection; ``timeout`` seconds to connect."""
    from focus_core.mongodb.client import MongoSite

    with closing(MongoSite.of_site(site, timeout=timeout)) as mongo:
        mongo.ping()


def ask_broker(site: Site, timeout: float = TIMEOUT_S) -> None:
    """Raises ``BenchError`` unless the broker takes a new connection; ``timeout`` seconds for each step."""
    from focus_core.rabbitmq.client import RabbitClient

    RabbitClient.of_site(site, timeout=timeout).connect().close()


def _rest(site: Site) -> None:
    if site.focus.auth == "token":
        # Who cannot log in cannot ask: the web app's verdict is this one too, found once.
        webapp = check(site, "webapp")
        if webapp.trouble:
            raise BenchError(webapp.trouble)
    token = partial(_login, site) if site.focus.auth == "token" else None
    client = FocusClient(site.focus.url, timeout=TIMEOUT_S, verify=site.tls.verify, token=token, proxy=site.proxy)
    ask_focus_server(client)


def _webapp(site: Site) -> None:
    _login(site)


def _login(site: Site) -> str:
    return WebAppClient.of_site(site, site.users[0], timeout=TIMEOUT_S, liveness_check=None).login().value


def _ui(site: Site) -> None:
    session = HttpSession(site.ui.url, timeout=TIMEOUT_S, verify=site.tls.verify, proxy=site.proxy)
    path = "/liveView"
    try:
        answer = session.send("GET", path)
    except NoAnswerError as error:
        raise BenchError(
            f"The operator's page does not answer at {site.ui.url}{path} ({error}); check that the web app runs and "
            "that ui.url of the site file is right."
        ) from None
    if answer.status != HTTPStatus.OK or answer.content_type != "text/html":
        raise BenchError(
            f"{site.ui.url}{path} answered {answer.status} {answer.content_type} instead of a page; correct ui.url of "
            "the site file, or look at the log of the web app."
        )


def _rabbitmq(site: Site) -> None:
    from focus_core.rabbitmq.client import RabbitClient

    ask_broker(site)
    RabbitClient.of_site(site).version()


def _kubernetes(site: Site) -> None:
    from focus_core.cluster.client import ClusterClient

    ClusterClient.of_site(site, timeout=TIMEOUT_S).pods(site.workloads.focus_server.selector)


def _ssh(site: Site) -> None:
    with shell.connection(site, TIMEOUT_S):
        pass


def _product_sources(site: Site) -> None:
    from focus_core.product_sources.repository import Repository

    Repository.of_section(site.product_sources).version()


# How probes are recorded and played back: each as one call.
_PROBE: tape.Door[None] = tape.Door("probe")
# A job's gRPC port exists only while the job lives; before that there is only the Focus Server to ask.
_PROBES: dict[Interface, Callable[[Site], None]] = {
    "rest": _rest,
    "grpc": _rest,
    "webapp": _webapp,
    "mongodb": ask_mongodb,
    "rabbitmq": _rabbitmq,
    "kubernetes": _kubernetes,
    "ssh": _ssh,
    "ui": _ui,
    "product_sources": _product_sources,
}
