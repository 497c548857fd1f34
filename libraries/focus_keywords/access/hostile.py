"""Keywords about input that is meant to do harm, and about what the site shows of itself."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from focus_core.access import requests
from focus_core.access.requests import Service
from focus_core.base import demands, waiting
from focus_core.base.failures import fail_with
from focus_core.base.run_identity import unique
from focus_core.cluster.owners import WorkloadName
from focus_core.run import clients, report, session
from focus_core.site import data as site_data
from focus_core.site import secrets
from robot.api import logger
from robot.api.deco import keyword

_TAGS = ("Connection", "Assertion")
_WRITTEN_S = 10.0


class HostileInput:
    """What is in ``variables/hostile``, sent into every field of both services; logs that show nothing of it."""

    @keyword(tags=_TAGS)
    def hostile_input_should_do_no_harm(self, input_class: str, at_least: int, service: Service | None = None) -> None:
        """Sends each input of a class into every field that it is for, of all that the OpenAPI documents of Focus
        Server and web app describe. Each is refused as the client's mistake, or harmless where its file says so; none
        is answered with 5xx, repeated, or answered with anything internal. Afterwards both services are as before.

        ``input_class`` is a file below ``variables/hostile``, whose README describes how to extend it; ``at_least`` is
        how many inputs it has to hold; ``service`` leaves out the other one.

        | Hostile Input Should Do No Harm    sql    at_least=5
        """
        # Only these tests pay for reading OpenAPI documents and data files.
        from focus_core.access.hostile import volley

        demands.at_least(1, at_least=at_least)
        before = session.client().send("GET", "/channels").body
        fired = volley.fire(input_class, [service] if service else volley.SERVICES)
        logger.info(f"{fired.inputs} inputs in {fired.fields} fields: {fired.sent} requests.")
        if fired.inputs < at_least or fired.sent < fired.inputs:
            raise AssertionError(
                f"variables/hostile/{input_class}.yaml holds {fired.inputs} inputs, which became {fired.sent} "
                f"requests; expected {at_least} inputs or more, each sent at least once."
            )
        problems = [*fired.problems, *_harm(before)]
        fail_with(f"Hostile input of the class {input_class} does harm", problems)

    @keyword(tags=_TAGS)
    def log_should_show_no_secret(self, workload: WorkloadName) -> None:
        """Reads the logs of a workload's pods: no password, token or other secret that this run knows stands there.

        | Log Should Show No Secret    focus_server
        """
        lines = _log_of(workload)
        demands.some(f"line in the logs of {workload}", lines)
        shown = [line for line in lines if secrets.blank(line) != line]
        problems = [f"{secrets.blank(line):.200}" for line in shown]
        fail_with(f"{len(shown)} of {len(lines)} lines in the logs of {workload} show a secret", problems)

    @keyword(tags=_TAGS)
    def user_name_should_not_make_a_log_line(self) -> None:
        """Logs in to the web app under a name with a line break in it; no line of its log begins with what follows.

        | User Name Should Not Make A Log Line
        """
        sign = unique("forged")
        requests.send("webapp", "POST", "/auth/login", body={"username": f"x\n{sign}", "password": "wrong"})
        # What was asked afterwards is in the log: so is whatever stood before it.
        answer, _ = requests.send("webapp", "GET", f"/{unique('after')}")
        after = answer.url.rpartition("/")[2]

        def probe() -> list[str]:
            found = _log_of("webapp")
            if not any(after in line for line in found):
                raise waiting.NotYet(f"{len(found)} lines without the request for it")
            return found

        lines = waiting.wait_until("Log of the web app", probe, timeout=_WRITTEN_S)
        report.log_fold("log of the web app", "\n".join(lines[-20:]))
        problems = [line for line in lines if line.startswith(sign)]
        fail_with("A user name wrote a line of its own into the log of the web app", problems)


def _harm(before: str) -> list[str]:
    """What is not as it was before."""
    found = []
    channels = session.client().send("GET", "/channels")
    if channels.status != 200 or channels.body != before:
        found.append(f"GET /channels is answered {channels.status} afterwards, not what it was before")
    health = session.client().send("GET", "/health")
    if health.status not in (200, 404):
        found.append(f"GET /health is answered {health.status} afterwards: {health.body[:200]}")
    if "webapp" in site_data.site().capabilities:
        page = clients.webapp().login_configuration()
        if page.status != 200:
            found.append(f"the login page of the web app is answered {page.status} afterwards")
    return found


def _log_of(workload: WorkloadName) -> list[str]:
    """The lines of this hour in the logs of a workload's pods, in the order of each pod."""
    cluster = clients.cluster()
    selector = getattr(site_data.site().workloads, workload).selector
    since = datetime.fromtimestamp(time.time() - 3600, UTC)
    return [line.text for pod in cluster.pods(selector) for line in cluster.pod_log(pod.name, since=since)]
