"""What the Focus Server says about itself, its channels and its operations."""

import time
from typing import Any, Literal

from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.contract import described
from focus_core.run import clients, probes
from focus_core.run.session import OK, client
from focus_core.server.client import Exchange
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.site.model import Interface
from focus_core.views import json_values
from robot.api.deco import keyword

_TIMES = 3
_HEALTH_SETTLES_S = 5.0
_BETWEEN_HEALTHS_S = 0.3
# Uptimes are rounded to milliseconds; a clock may be slewed by a little.
_UPTIME_TOLERANCE_S = 0.05
DescribedService = Literal["Focus Server", "web app"]
_DEPENDENCIES: tuple[Interface, ...] = ("mongodb", "rabbitmq", "kubernetes")


class ServerDescription:
    """The Focus Server as it describes itself: health, channels, sensors, OpenAPI document."""

    @keyword(tags=("Description", "Assertion"))
    def channels_should_be_those_of_the_site(self) -> None:
        """Checks GET /channels against the site's limits: lowest, highest, and each channel between them, in order.

        Asks three times: a server may answer right and wrong in turn.

        | Channels Should Be Those Of The Site
        """
        lowest, highest = site_data.site().limits.lowest_channel, site_data.site().limits.highest_channel
        _should_be_each_time(
            "/channels",
            {"lowest_channel": lowest, "highest_channel": highest, "channels": list(range(lowest, highest + 1))},
        )

    @keyword(tags=("Description", "Assertion"))
    def sensors_should_count_up_from_zero(self) -> None:
        """Checks GET /sensors: as many sensors as the site has channels, numbered from 0 without a gap; three times.

        | Sensors Should Count Up From Zero
        """
        _should_be_each_time("/sensors", {"sensors": list(range(site_data.site().limits.highest_channel))})

    @keyword(tags=("Description", "Assertion"))
    def health_should_be_good(self) -> None:
        """Checks GET /health: status ok without a message, and every dependency in order.

        Asks again for five seconds: a probe of a dependency may miss once on a busy site; what stays ill is ill.

        | Health Should Be Good
        """

        def good() -> bool:
            answer = client().send("GET", "/health")
            if answer.status not in (OK, 503):
                raise NotYet(f"{answer.status}, {answer.body[:200]}")
            check_answer(answer, answer.status, "GET /health")
            problems = _health_problems(answer)
            if problems:
                raise NotYet(f"{answer.status}, {'; '.join(problems)}")
            return True

        wait_until("GET /health is good", good, timeout=_HEALTH_SETTLES_S, interval=1.0)

    @keyword(tags=("Description", "Assertion"))
    def health_should_agree_with_the_dependencies(self) -> None:
        """Asks each dependency itself and compares: GET /health calls it ok when it answers, down when it does not,
        and names in its message whatever is down.

        | Health Should Agree With The Dependencies
        """
        site = site_data.site()
        asked: list[Interface] = [name for name in _DEPENDENCIES if name in site.capabilities]

        def agreeing() -> bool:
            content = _health().json()
            states = {name: "down" if probes.check(site, name, fresh=True).trouble else "ok" for name in asked}
            problems = [
                f"{name} is {content['dependencies'][name]!r}, asked itself it is {state!r}"
                for name, state in states.items()
                if content["dependencies"][name] != state
            ]
            down = [name for name, state in content["dependencies"].items() if state == "down"]
            if content["status"] != ("degraded" if down else "ok"):
                problems.append(f"status is {content['status']!r} with {', '.join(down) or 'nothing'} down")
            problems += [f"{name} is not in the message" for name in down if name not in content.get("message", "")]
            if problems:
                raise NotYet("; ".join(problems))
            return True

        wait_until("GET /health agrees with the dependencies", agreeing, timeout=_HEALTH_SETTLES_S, interval=1.0)

    @keyword(tags=("Description", "Assertion"))
    def uptime_should_grow_with_time(self) -> None:
        """Asks for the health twice: the uptime has grown by the time that went by.

        | Uptime Should Grow With Time
        """
        begun = time.monotonic()
        first = _health()
        between = time.monotonic()
        time.sleep(_BETWEEN_HEALTHS_S)
        asked = time.monotonic()
        second = _health()
        grown = second.json()["uptime"] - first.json()["uptime"]
        least, most = asked - between - _UPTIME_TOLERANCE_S, time.monotonic() - begun + _UPTIME_TOLERANCE_S
        if not least <= grown <= most:
            raise AssertionError(
                f"The uptime grew by {grown:.3f} s, from {first.json()['uptime']} s to {second.json()['uptime']} s, "
                f"while {least:.1f} to {most:.1f} s went by."
            )

    @keyword(tags=("Description", "Assertion"))
    def description_should_be_the_contract(self, service: DescribedService = "Focus Server") -> None:
        """Compares /openapi.json of the ``Focus Server`` or the ``web app`` with the contract of record: each operation
        with its method, parameters, body, statuses, content types, headers and schemas; and no other operation. It may
        be less exact than the record.

        | Description Should Be The Contract
        | Description Should Be The Contract    web app
        """
        if service == "web app":
            answer = clients.webapp().description()
            if answer.status != OK or not isinstance(answer.body, dict):
                raise AssertionError(f"The web app gives no description of itself: it answered {answer.status}.")
            found = described.against_record("webapp", answer.body)
        else:
            found = described.against_record("focus-server", _get("/openapi.json").json())
        fail_with(f"/openapi.json of the {service} is not the contract", described.sentences(found.differs))

    @keyword(tags=("Description", "Assertion"))
    def answer_should_follow_the_description(self, answer: Exchange) -> None:
        """Compares an answer with what /openapi.json declares for its operation and status: content type, members,
        types, words.

        | ${answer} =    Ask Focus Server    GET    /sensors
        | Answer Should Follow The Description    ${answer}
        """
        document = _get("/openapi.json").json()
        fail_with(f"{answer} does not follow /openapi.json", described.answer_problems(document, answer.as_answer()))


def _get(path: str) -> Exchange:
    answer = client().send("GET", path)
    check_answer(answer, OK, f"GET {path}")
    return answer


def _should_be_each_time(path: str, wanted: dict[str, Any]) -> None:
    """Ask several times; each answer has to be what is wanted, otherwise the first difference is named."""
    for number in range(1, _TIMES + 1):
        content = _get(path).json()
        found = [
            json_values.difference(name, content[name], value)
            for name, value in wanted.items()
            if not json_values.same(content[name], value)
        ]
        fail_with(f"GET {path} is wrong when asked for the {number}. time of {_TIMES}", found)


def _health() -> Exchange:
    answer = client().send("GET", "/health")
    if answer.status != 503:
        check_answer(answer, OK, "GET /health")
    return answer


def _health_problems(answer: Exchange) -> list[str]:
    content = answer.json()
    problems = [] if answer.status == OK else [f"it was answered {answer.status}"]
    if content.get("status") != "ok":
        problems.append(f"status is {content.get('status')!r}, expected 'ok'")
    if "message" in content:
        problems.append(f"it has the message {content['message']!r}")
    dependencies = content.get("dependencies", {})
    return problems + [
        f"dependency {name} is {dependencies.get(name)!r}, expected 'ok'"
        for name in _DEPENDENCIES
        if dependencies.get(name) != "ok"
    ]
