"""Asks for views that the server has to refuse, and judges what it answers."""

from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.words import ChannelRange
from focus_core.run.session import OK, client
from focus_core.server.client import Exchange
from focus_core.server.status_checks import check_answer
from focus_core.views import bodies, refusals
from focus_core.views.opening import view_request
from focus_core.views.refusals import Kind
from focus_core.views.view import ViewRequest, ViewType

# As few channels as a view of several can have: a view that is accepted by mistake costs the site little.
FEW_CHANNELS = ChannelRange(1, 3)


def small_view(view: ViewType = ViewType.MultiChannel) -> ViewRequest:
    """A good view of that type and of few channels, by the site's defaults otherwise."""
    channels = ChannelRange(1, 1) if view is ViewType.SingleChannel else FEW_CHANNELS
    return view_request(view, channels=channels)


def body_with(field: str, value: Any, view: ViewType = ViewType.MultiChannel) -> dict[str, Any]:
    """The body of a good view with another value in a dotted field, or with a field that this type does not have."""
    body = small_view(view).body()
    place, name = bodies.place_of(body, known_field(field))
    place[name] = value
    return body


def body_without(field: str, view: ViewType = ViewType.MultiChannel) -> dict[str, Any]:
    """The body of a good view that lacks a dotted field."""
    return bodies.without_field(small_view(view).body(), known_field(field))


def known_field(field: str) -> str:
    """The field itself; one that no view has is the table's mistake (``BenchError``)."""
    if field not in refusals.FIELDS:
        raise BenchError(f"A view has no field '{field}', only {', '.join(refusals.FIELDS)}; correct the table.")
    return field


def expect_semantic_error(
    what: str, body: dict[str, Any], field: str, *, allowed: Any, because: str = "", rule: str = ""
) -> Exchange:
    """Sends a body that the server has to refuse with 400. Raises ``AssertionError`` for any other answer."""
    answer = client().configure(body)
    _not_accepted(what, answer, rule or f"It has to be refused because of {field}{f' ({because})' if because else ''}.")
    check_answer(answer, refusals.SEMANTIC_ERROR, what)
    fail_with(
        f"{what} was not refused as it should", refusals.problems_of_semantic_error(answer, field, allowed, because)
    )
    return answer


def expect_validation_error(
    what: str, body: object, fields: list[str], *kinds: Kind, because: str = "", text: str | None = None
) -> Exchange:
    """Sends a body, or a ``text`` as it is, that the server has to refuse with 422 for the shape of these fields."""
    answer = client().configure(body, text=text)
    check_validation_error(what, answer, fields, *kinds, because=because)
    return answer


def check_validation_error(what: str, answer: Exchange, fields: list[str], *kinds: Kind, because: str = "") -> None:
    """Raises ``AssertionError`` unless the answer is a clean 422 for the shape of these fields."""
    _not_accepted(what, answer, f"It has to be refused because of {because or ', '.join(fields)}.")
    check_answer(answer, refusals.VALIDATION_ERROR, what)
    fail_with(
        f"{what} was not refused as it should", refusals.problems_of_validation_error(answer, fields, kinds, because)
    )


def check_refusal(what: str, answer: Exchange, status: int, because: str) -> None:
    """Raises ``AssertionError`` unless the answer is a clean refusal with that status and a reason."""
    _not_accepted(what, answer, f"It has to be refused because of {because}.")
    check_answer(answer, status, what)
    fail_with(f"{what} was not refused as it should", refusals.problems(answer, status, because))


def _not_accepted(what: str, answer: Exchange, rule: str) -> None:
    if answer.status != OK:
        return
    job_id = str(answer.json().get("job_id"))
    try:
        client().remove_job(job_id)
    except BenchError as error:
        removed = f"{error}."
    else:
        removed = "Job removed."
    raise AssertionError(f"{what} was accepted (200, job {job_id}). {rule} {removed}")
