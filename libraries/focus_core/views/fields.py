"""Everything that can be asked of a view by name: of its answer, what follows from it, and what the server says now."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.words import ChannelRange, FrequencyRange
from focus_core.run.session import OK, client
from focus_core.server.members import member
from focus_core.server.status_checks import check_answer
from focus_core.views import answer_checks, opening, quantities
from focus_core.views.view import View

GONE = "gone"


def field_of(view: View, name: str) -> Any:
    """The value of a field. Raises ``BenchError`` with the fields that there are."""
    wanted = "_".join(name.strip().casefold().replace("-", " ").split())
    for source in (_NOW, quantities.QUANTITIES):
        if wanted in source:
            return source[wanted](view)
    if wanted in answer_checks.FIELDS:
        return answer_checks.field_of(view.answer.raw, wanted)
    known = [*answer_checks.FIELDS, *quantities.QUANTITIES, *_NOW]
    raise BenchError(f"A view has no field '{name}'; its fields are {', '.join(known)}.")


def metadata_of(view: View) -> dict[str, Any]:
    """The metadata of a view as the server answers them now."""
    answer = client().metadata(view.job_id)
    check_answer(answer, OK, f"Reading the metadata of the {view}")
    content = answer.json()
    if not isinstance(content, dict):
        raise AssertionError(f"The metadata of the {view} are not an object: {answer.body[:200]}")
    return content


def _state(view: View) -> str:
    answer = client().job_status(view.job_id)
    if answer.status != HTTPStatus.NOT_FOUND:
        return opening.state_in(answer, view)
    # A server without the operation answers 404 too.
    check_answer(answer, HTTPStatus.NOT_FOUND, f"Asking for the status of the {view}")
    return GONE


def _channels(view: View) -> Any:
    shown = metadata_of(view)
    return _as(ChannelRange, member(shown, "channels.min"), member(shown, "channels.max"))


def _frequency(view: View) -> Any:
    shown = metadata_of(view)
    if shown.get("frequencyRange") is None:
        return None
    return _as(FrequencyRange, member(shown, "frequencyRange.min"), member(shown, "frequencyRange.max"))


def _as(kind: Callable[[Any, Any], Any], low: Any, high: Any) -> Any:
    return kind(low, high) if type(low) in (int, float) and type(high) in (int, float) else f"{low!r}-{high!r}"


_NOW: dict[str, Callable[[View], Any]] = {
    "state": _state,
    "nfft": lambda view: member(metadata_of(view), "nfft"),
    "channels": _channels,
    "frequency": _frequency,
    "time_status": lambda view: member(metadata_of(view), "timeStatus"),
}
