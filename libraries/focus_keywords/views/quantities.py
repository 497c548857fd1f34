"""What follows from the answer that opened a view: times, rates, and the channels of its streams."""

from itertools import groupby
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.views.view import View
from robot.api.deco import keyword

from focus_keywords.getters import verified

# As `X | None` in an annotation Robot would not say which operators there are.
_CHECKED: dict[str, type] = {"view": View, "operator": AssertionOperator, "expected": float, "message": str}


class ViewQuantities:
    """Quantities that the answer holds indirectly. Each getter checks its value where an operator is given."""

    @keyword(tags=("View", "Getter", "Assertion"), types=_CHECKED)
    def get_window_of_a_transform(
        self,
        view: View,
        operator: AssertionOperator | None = None,
        expected: float | None = None,
        message: str | None = None,
    ) -> float:
        """Returns the seconds in which one step of frequency is resolved: 1 / step.

        | ${seconds} =    Get Window Of A Transform    ${view}
        """
        return _checked(1 / _step(view), operator, expected, f"Window of a transform (s) of the {view}", message)

    @keyword(tags=("View", "Getter", "Assertion"), types=_CHECKED)
    def get_rows_a_second(
        self,
        view: View,
        operator: AssertionOperator | None = None,
        expected: float | None = None,
        message: str | None = None,
    ) -> float:
        """Returns how many rows a second the view was answered: 1 / ``lines_dt``.

        | ${rate} =    Get Rows A Second    ${view}
        """
        return _checked(1 / _row_seconds(view), operator, expected, f"Rows a second of the {view}", message)

    @keyword(tags=("View", "Getter", "Assertion"), types=_CHECKED)
    def get_rows_in_the_display_time(
        self,
        view: View,
        operator: AssertionOperator | None = None,
        expected: float | None = None,
        message: str | None = None,
    ) -> float:
        """Returns how many rows fill the display time that was asked for: duration / ``lines_dt``.

        | ${rows} =    Get Rows In The Display Time    ${view}
        """
        if view.request.duration is None:
            raise BenchError(f"The {view} was asked for without a display time; only other views have rows in one.")
        rows = view.request.duration / _row_seconds(view)
        return _checked(rows, operator, expected, f"Rows in the display time of the {view}", message)

    @keyword(tags=("View", "Getter", "Assertion"), types=_CHECKED)
    def get_overlap_of_transforms(
        self,
        view: View,
        operator: AssertionOperator | None = None,
        expected: float | None = None,
        message: str | None = None,
    ) -> float:
        """Returns the share of a transform that the next one repeats: 1 - ``lines_dt`` x step, from 0 to 1.

        | Get Overlap Of Transforms    ${view}    >=    0.5
        """
        overlap = 1 - _row_seconds(view) * _step(view)
        return _checked(overlap, operator, expected, f"Overlap of transforms of the {view}", message)

    @keyword(tags=("View", "Getter", "Assertion"), types=_CHECKED | {"step": float})
    def get_largest_error_of_frequencies(
        self,
        view: View,
        step: float,
        operator: AssertionOperator | None = None,
        expected: float | None = None,
        message: str | None = None,
    ) -> float:
        """Returns how far the farthest frequency is from its place, in steps of ``step`` Hz from 0 on.

        | Get Largest Error Of Frequencies    ${view}    ${step}    <=    0.000001
        """
        demands.above_zero(step=step)
        listed = _frequencies(view)
        farthest = max(abs(hz / step - place) for place, hz in enumerate(listed))
        what = f"Farthest frequency from its place (in steps of {step:g} Hz) of the {view}"
        return _checked(farthest, operator, expected, what, message)

    @keyword(tags=("View", "Getter", "Assertion"), types=_CHECKED | {"expected": int})
    def get_number_of_streams(
        self,
        view: View,
        operator: AssertionOperator | None = None,
        expected: int | None = None,
        message: str | None = None,
    ) -> int:
        """Returns over how many streams the channels of the view are spread.

        | Get Number Of Streams    ${view}    ==    3
        """
        streams = len(set(_mapping(view).values()))
        count: int = verified(streams, operator, expected, f"Number of streams of the {view}", message)
        return count

    @keyword(tags=("View", "Assertion"))
    def channels_should_be_listed_in_order(self, view: View) -> None:
        """Fails unless ``channel_to_stream_index`` lists each channel that was asked for, once and in order.

        | Channels Should Be Listed In Order    ${view}
        """
        first, last = view.request.channels
        if list(_mapping(view)) != [str(channel) for channel in range(first, last + 1)]:
            raise AssertionError(
                f"channel_to_stream_index of the {view} does not list channels {first}-{last}, each once and in order: "
                f"{', '.join(_mapping(view)):.200}."
            )

    @keyword(tags=("View", "Assertion"))
    def streams_should_have_channels(self, view: View, *sizes: int) -> None:
        """Fails unless the channels of the view are in streams of these sizes, from stream 0 on, one after the other.

        | Streams Should Have Channels    ${view}    3    3    2
        """
        demands.some("size of a stream", sizes)
        wanted = list(enumerate(sizes))
        # A boolean equals a number here and is none.
        seen = [(stream, len(list(group))) for stream, group in groupby(_mapping(view).values())]
        if seen != wanted or any(isinstance(stream, bool) for stream, _ in seen):
            raise AssertionError(
                f"The channels of the {view} are not in streams of {', '.join(map(str, sizes))} channels, one after "
                f"the other, but as {', '.join(f'{size} in stream {stream}' for stream, size in seen)}."
            )


def _checked(
    value: float, operator: AssertionOperator | None, expected: float | None, what: str, message: str | None
) -> float:
    checked: float = verified(value, operator, expected, what, message)
    return checked


def _step(view: View) -> float:
    listed = _frequencies(view)
    if len(listed) < 2 or listed[0] == listed[1]:
        raise AssertionError(f"The {view} lists {listed!r:.80} as its frequencies; a step needs two.")
    return listed[1] - listed[0]


def _row_seconds(view: View) -> float:
    seconds = view.answer.raw.get("lines_dt")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        raise AssertionError(f"lines_dt of the {view} is {seconds!r} instead of seconds above 0.")
    return float(seconds)


def _frequencies(view: View) -> list[float]:
    listed = view.answer.raw.get("frequencies_list")
    if not isinstance(listed, list) or not listed or not all(type(hz) in (int, float) for hz in listed):
        raise AssertionError(f"frequencies_list of the {view} is {listed!r:.80} instead of a list of Hz.")
    return listed


def _mapping(view: View) -> dict[str, Any]:
    mapping = view.answer.raw.get("channel_to_stream_index")
    if not isinstance(mapping, dict):
        raise AssertionError(f"channel_to_stream_index of the {view} is {mapping!r:.80} instead of an object.")
    return mapping
