"""How the web app refuses an alert that it cannot send on now (site-contract 0.7)."""

from __future__ import annotations

from http import HTTPStatus

from focus_core.base.http_session import HttpAnswer


def problems_of_unavailable(answer: HttpAnswer, because: str, limit_s: float) -> list[str]:
    """What is wrong with the answer; empty for a good 503.

    It comes within ``limit_s`` seconds, gives a reason that speaks of ``because`` (in any case), and a ``Retry-After``
    of whole seconds, at least one.
    """
    if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
        return [f"it was answered {answer.status} {answer.body!r:.300} instead of 503"]
    found = []
    if because.casefold() not in answer.text.casefold():
        found.append(f"its reason does not speak of {because}: {answer.body!r:.300}")
    retry_after = answer.headers.get("Retry-After", "")
    if not retry_after.isdigit() or int(retry_after) < 1:
        found.append(f"its Retry-After is {retry_after!r} instead of a number of seconds")
    if answer.seconds > limit_s:
        found.append(f"it took {answer.seconds:.1f} s instead of at most {limit_s:g} s")
    return found
