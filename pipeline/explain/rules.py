"""Likely causes of a failure, the most telling first. A rule looks at the evidence and finds a cause or none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pipeline.bug import requests
from pipeline.explain.evidence import Evidence, PodEvent

SHOWN = 3
# As focus_core.run.probes and the clients word it: nobody answers, or not what the interface answers.
_DEAD = re.compile(
    r"Site \S+ is dead: nothing answers|The interface \w+ of site \S+ cannot be used|cannot be reached|"
    r"does not answer at|refuses? connections|did not answer",
    re.IGNORECASE,
)
# As focus_core.base.waiting words it, Robot's own limits, and assertions about the time of an answer.
_LATE = re.compile(
    r"waited [\d.]+ s, \d+ tries|after [\d.]+ of [\d.]+ s it did not hold|timeout [\w. ]+ exceeded|"
    r"took [\d.]+ m?s|in [\d.]+ s instead of|no answer within|within [\d.]+ s",
    re.IGNORECASE,
)
_CONTRACT = re.compile(r"contract of record was broken|not as the contract has it|is not the contract", re.IGNORECASE)
_RESTARTED = re.compile(r"restarted \(|pod was deleted|terminated|OOMKilled|ended|CrashLoopBackOff", re.IGNORECASE)


@dataclass(frozen=True)
class Cause:
    """What probably happened: `name` of the rule, a sentence, what shows it, and what to do next."""

    name: str
    sentence: str
    shown_by: tuple[str, ...]
    next_steps: tuple[str, ...]


Rule = Callable[[Evidence], Cause | None]


def site_down(found: Evidence) -> Cause | None:
    """The site, or the interface that the test needs, did not answer at all."""
    dead = _DEAD.search(found.message)
    probes = [call for call in found.calls if call["door"] == "probe" and "error" in call]
    http = [call for call in found.calls if call["door"] == "http"]
    unanswered = bool(http) and all("error" in call for call in http)
    if not (dead or probes or unanswered):
        return None
    shown = [found.failure.test.reason] if dead else []
    shown += [f"{call['request']}: {call['error']['text']}" for call in [*probes, *(http if unanswered else [])]]
    beside = f"; {found.failed} other tests failed and {found.passed} passed" if found.failed + found.passed else ""
    site = found.failure.run.site
    return Cause(
        "site down",
        f"The site, or an interface that the test needs, did not answer{beside}.",
        _some(shown),
        (
            f"python run.py doctor --site {site}",
            "repair the site or its address in the site file, then python run.py rerun",
        ),
    )


def known_bug(found: Evidence) -> Cause | None:
    """A known bug of the product or an open question explains the failure, or a part of it."""
    if not found.bugs:
        return None
    named = bool(found.failure.test.bugs)
    return Cause(
        "known bug",
        "It is known already." if named else "A known bug of this site shows in the message, but explains not all.",
        tuple(map(str, found.bugs[:SHOWN])),
        (
            "nothing to report: it stands in variables/known_bugs.yaml"
            if named
            else "compare the message with variables/known_bugs.yaml: is the rest of it new?",
        ),
    )


def contract_change(found: Evidence) -> Cause | None:
    """An operation that the test asked answers otherwise than the contract of record."""
    shown = [found.failure.test.reason] if _CONTRACT.search(found.message) else []
    shown += [f"{one['where']} {one['path'] or 'as a whole'}: {one['sentence']}" for one in found.violations]
    if not shown:
        return None
    return Cause(
        "contract change",
        "What the server answers differs from the contract of record.",
        _some(shown),
        (
            f"python run.py contract check --site {found.failure.run.site}",
            "is the change meant? python run.py contract diff, then contract accept; else report it with "
            f"python run.py bug {_named(found)}",
        ),
    )


def late_after_restart(found: Evidence) -> Cause | None:
    """Something did not come in time, and a pod restarted, ended or never started meanwhile."""
    pods = _restarts(found)
    if not (_LATE.search(found.message) and (pods or found.silent)):
        return None
    shown = [*map(str, pods), *(f"{pod}: never started" for pod in found.silent)]
    return Cause(
        "time limit with pod restarts",
        "What was awaited did not come in time, and pods were not steady meanwhile.",
        _some(shown),
        (
            f"python run.py logs test {_quoted(found)} --run {_run(found)}",
            "why did the pod end? Look at its last lines and at the limits of its memory",
        ),
    )


def first_failing_request(found: Evidence) -> Cause | None:
    """The first request without an answer, or with one that reports an error of the server; else the last refusal."""
    failing = [call for call in found.calls if call["door"] == "http" and _status(call) >= HTTPStatus.BAD_REQUEST]
    broken = [call for call in failing if _status(call) >= HTTPStatus.INTERNAL_SERVER_ERROR]
    # Many tests ask for a refusal: it counts only where the failure speaks of the status that came.
    refused = [call for call in failing if _came(_status(call), found.message)]
    chosen = next(iter(broken or refused), None)
    if chosen is None:
        return None
    (asked,) = requests.of([chosen])
    return Cause(
        "first failing request",
        f"The first request that failed is {asked.name}.",
        (f"answer: {asked.answer}", f"repeat it: {asked.command}"),
        (
            f"python run.py bug {_named(found)}",
            "send the request again by hand and read the server's log of that moment",
        ),
    )


def late(found: Evidence) -> Cause | None:
    """Something did not come in time, and no restart is known."""
    match = _LATE.search(found.message)
    if not match:
        return None
    steady = (
        "no pod restarted meanwhile"
        if found.monitored
        else "what the pods did is not known, since no monitor followed them"
    )
    return Cause(
        "time limit",
        f"What was awaited did not come in time ({match[0]}); {steady}.",
        _some([str(event) for event in found.errors]),
        (
            "python run.py history slow: is it slower than it was?",
            "is the machine of the tests or of the site overloaded? Repeat the test alone: python run.py rerun",
        ),
    )


def pod_errors(found: Evidence) -> Cause | None:
    """Pods logged errors, or were restarted, while the test ran."""
    events = [*found.errors, *_restarts(found)]
    if not events:
        return None
    return Cause(
        "errors of pods",
        "Pods logged errors or changed while the test ran.",
        _some(list(map(str, events))),
        (f"python run.py logs test {_quoted(found)} --run {_run(found)}",),
    )


def common_cause(found: Evidence) -> Cause | None:
    """Several tests of the run failed with the same message."""
    if not found.alike:
        return None
    return Cause(
        "common cause",
        f"{found.alike} other test{'s' if found.alike > 1 else ''} of this run failed alike, so look for one cause.",
        (found.failure.test.reason,),
        (f"python run.py bug {_named(found)}: it lists them, and since when they fail",),
    )


def unexpected_value(found: Evidence) -> Cause | None:
    """The site answered, and not what was expected: what is left when nothing else is known."""
    keywords = found.failure.test.keywords
    return Cause(
        "unexpected value",
        "The site answered, and not what the test expects: product, test or expectation is wrong.",
        (found.failure.test.reason, *([f"in: {' > '.join(keywords)}"] if keywords else [])),
        (
            f"python run.py bug {_named(found)}",
            "compare what was expected with the rule: python run.py contract check, docs/missing-specs.md",
        ),
    )


# In this order: what explains the most comes first.
RULES: tuple[Rule, ...] = (
    site_down,
    known_bug,
    contract_change,
    late_after_restart,
    first_failing_request,
    late,
    pod_errors,
    common_cause,
)


def causes(found: Evidence) -> list[Cause]:
    """All causes that the rules find, the likely one first; never none."""
    named = [cause for rule in RULES if (cause := rule(found))]
    return named or [cause for cause in [unexpected_value(found)] if cause]


def _restarts(found: Evidence) -> list[PodEvent]:
    return [event for event in found.changes if _RESTARTED.search(event.text)]


def _status(call: dict[str, Any]) -> int:
    """That of the answer; without an answer as for an error of the server."""
    if "error" in call:
        return int(HTTPStatus.GATEWAY_TIMEOUT)
    return int(call["answer"]["status"]) if "answer" in call else 0


def _came(status: int, message: str) -> bool:
    """Whether the message says that this status was the answer; it may list others that are allowed."""
    return bool(re.search(rf"\b(?:answered|status|status is|got|was|with|HTTP) {status}\b", message))


def _some(lines: list[str]) -> tuple[str, ...]:
    more = [f"... and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return (*lines[:SHOWN], *more)


def _run(found: Evidence) -> str:
    return found.failure.run.stamp.run_id or str(found.failure.folder)


def _quoted(found: Evidence) -> str:
    return f'"{found.failure.test.name}"'


def _named(found: Evidence) -> str:
    return f"{_run(found)} {_quoted(found)}"
