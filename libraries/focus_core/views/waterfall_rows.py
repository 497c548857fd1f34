"""The newest rows of a view as testers see them: what each shows, when, and how strong it is."""

from dataclasses import dataclass
from typing import Any

from focus_core.base.quantities import Moment, Seconds
from focus_core.base.words import ChannelRange
from focus_core.run.session import client
from focus_core.server.status_checks import check_answer
from focus_core.views import waterfall
from focus_core.views.quantities import as_range
from focus_core.views.view import View


@dataclass(frozen=True)
class WaterfallRow:
    """A row of a view, as GET /waterfall/{id}/{rows} answers it.

    - ``begin``: when it begins, a moment (UTC).
    - ``seconds``: how long it lasts.
    - ``job_id``: the job that it names as its own.
    - ``channels``: the channels that it shows, first to last.
    - ``frequencies``: the fewest amplitudes that it has for a channel.
    - ``lowest``, ``highest``, ``mean``: of all of its amplitudes.
    """

    begin: Moment
    seconds: Seconds
    job_id: str
    channels: ChannelRange | str
    frequencies: int
    lowest: float
    highest: float
    mean: float

    def __str__(self) -> str:
        return f"a row of channels {self.channels} from {self.begin}"


def newest(view: View, most: int) -> list[WaterfallRow]:
    """At most so many of the newest rows, oldest first; none where the view has none yet, or none any more."""
    answer = client().waterfall(view.job_id, most)
    what = f"Reading rows of the {view}"
    if answer.status in (waterfall.NO_ROWS_YET, waterfall.OVER):
        check_answer(answer, answer.status, what)
        return []
    check_answer(answer, waterfall.ROWS, what)
    return [_row(row) for row in waterfall.well_formed_rows(answer.json())]


def _row(row: dict[str, Any]) -> WaterfallRow:
    spectra = [sensor["intensity"] for sensor in row["sensors"]]
    amplitudes = [value for spectrum in spectra for value in spectrum]
    return WaterfallRow(
        begin=Moment.convert(row["startTimestamp"] / 1000),
        seconds=Seconds((row["endTimestamp"] - row["startTimestamp"]) / 1000),
        job_id=str(row["canvasId"]),
        channels=as_range([sensor.get("id") for sensor in row["sensors"]]),
        frequencies=min(map(len, spectra), default=0),
        lowest=min(amplitudes, default=0.0),
        highest=max(amplitudes, default=0.0),
        mean=sum(amplitudes) / len(amplitudes) if amplitudes else 0.0,
    )
