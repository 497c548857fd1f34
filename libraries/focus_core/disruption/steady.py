"""Is the site in its steady state? One cheap question for each part, asked of all parts at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property, partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from focus_core.base.threads import Threads
from focus_core.base.waiting import NotYet, wait_until
from focus_core.cluster.client import ClusterClient
from focus_core.run import clients, probes
from focus_core.site import data as site_data

if TYPE_CHECKING:
    from focus_core.server.client import FocusClient
    from focus_core.site.model import Site

# A part that hangs must not hide the others.
TIMEOUT_S = 2.0
# What a site that lacks an interface by design need not run.
_NEEDED_FOR = {
    "focus_server": "rest",
    "mongodb": "mongodb",
    "rabbitmq": "rabbitmq",
    "webapp": "webapp",
    "segy_recorder": "kubernetes",
    "preprocessor": "kubernetes",
}


class SiteProbes:
    """The probes of one site. Each raises, or returns nothing."""

    def __init__(self, site: Site) -> None:
        self._site = site
        services: Mapping[str, Callable[[], None]] = {
            "focus_server": self._focus_server,
            "mongodb": partial(probes.ask_mongodb, site, TIMEOUT_S),
            "rabbitmq": partial(probes.ask_broker, site, TIMEOUT_S),
            "webapp": self._webapp,
        }
        present = {
            name
            for name, interface in _NEEDED_FOR.items()
            if interface in site.capabilities and getattr(site.workloads, name)
        }
        self._services = {name: probe for name, probe in services.items() if name in present}
        answering = {(name, "answers"): probe for name, probe in self._services.items()}
        ready = {(name, "is ready"): partial(self._ready, name) for name in sorted(present)}
        self._probes: Mapping[tuple[str, str], Callable[[], None]] = {**answering, **ready}

    def has_service(self, name: str) -> bool:
        """Whether the workload answers in a protocol of its own."""
        return name in self._services

    def trouble_of(self, name: str) -> str:
        """Why the workload does not answer (where it has no protocol of its own: is not ready); empty when it does."""
        return _trouble(self._services.get(name, partial(self._ready, name)))

    def troubles(self, except_for: Collection[str] = ()) -> dict[str, str]:
        """Each probe ("mongodb answers") with its trouble; empty texts are parts in their steady state.

        The workloads of ``except_for`` are not asked.
        """
        wanted = {f"{name} {what}": probe for (name, what), probe in self._probes.items() if name not in except_for}
        with Threads(max(1, len(wanted))) as pool:
            found = {name: pool.submit(_trouble, probe) for name, probe in wanted.items()}
        return {name: future.result() for name, future in found.items()}

    def wait_until_steady(self, timeout: float, except_for: Collection[str] = ()) -> dict[str, str]:
        """Waits until no probe, ``except_for`` those of these workloads, has trouble; ``WaitTimeout`` names them."""

        def steady() -> dict[str, str]:
            troubles = self.troubles(except_for)
            bad = [f"{name}: {trouble}" for name, trouble in troubles.items() if trouble]
            if bad:
                raise NotYet("; ".join(bad))
            return troubles

        return wait_until("The site is in its steady state", steady, timeout=timeout)

    def _focus_server(self) -> None:
        probes.ask_focus_server(self._focus)

    @cached_property
    def _focus(self) -> FocusClient:
        from focus_core.server.client import FocusClient

        site = self._site
        token = None
        if site.focus.auth == "token":
            webapp = clients.webapp_client(site, site_data.lane_user(site))
            token = lambda: webapp.login().value  # noqa: E731 - one expression, used once
        return FocusClient(site.focus.url, timeout=TIMEOUT_S, verify=site.tls.verify, token=token, proxy=site.proxy)

    def _webapp(self) -> None:
        from focus_core.webapp.client import WebAppClient

        user = site_data.lane_user(self._site)
        webapp = WebAppClient.of_site(self._site, user, timeout=TIMEOUT_S, liveness_check=None)
        answer = webapp.login_configuration()
        if answer.status != HTTPStatus.OK:
            raise AssertionError(f"/login-configuration answered {answer.status}")

    def _ready(self, name: str) -> None:
        place = getattr(self._site.workloads, name)
        state = ClusterClient.of_site(self._site).workload(place.kind, place.name)
        if state is None or not state.healthy:
            raise AssertionError(str(state) if state else f"{place.kind} {place.name} is missing")


def _trouble(probe: Callable[[], None]) -> str:
    try:
        probe()
    except Exception as error:  # noqa: BLE001 - whatever a client raises means that the part is not steady
        return " ".join(str(error).split())[:200] or type(error).__name__
    return ""
