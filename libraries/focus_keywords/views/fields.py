"""Getters of views: which are open, their fields, their metadata, their frequencies, the channels of their streams."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base.objects import ValueOfEach
from focus_core.server.members import member
from focus_core.views import fields, opening, quantities
from focus_core.views.view import View, ViewOrViews, Views, ViewType
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

_GETTER = ("View", "Getter", "Assertion")
# What the answer that opened a view holds stays as it is.
_ONCE = {name: kind for name, kind in CHECK.items() if name not in ("within", "during")}


class ViewFields:
    """What views are, as the server answered and answers them."""

    @keyword(tags=_GETTER, types=CHECK | {"view_type": ViewType})
    def get_views(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view_type: ViewType | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[View]:
        """Returns the views that this test opened and that are still open, oldest first, as they were opened.

        With an operator, their job ids are checked.

        | ${views} =    Get Views    view_type=Waterfall
        | Get Views    ==    ${one.job_id}, ${other.job_id}
        """
        what = "Open views"
        views: list[View] = checked(what, lambda: _open(view_type), operator, expected, message, within, during)
        return views

    @keyword(tags=_GETTER, types=CHECK | {"view_type": ViewType})
    def get_view_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view_type: ViewType | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many of the views that this test opened are open, as `Get Views` lists them.

        | Get View Count    ==    0    within=10 s
        """
        what = "Number of open views"
        count: int = checked(what, lambda: len(_open(view_type)), operator, expected, message, within, during)
        return count

    @keyword(tags=_GETTER, types=CHECK | {"view": ViewOrViews, "field": str})
    def get_view_field(
        self,
        view: View | Views,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of a view, or of each of several, and checks it where an operator is given.

        = Of the answer that opened it =
        ``status``, ``job_id``, ``frequencies_list`` (Hz), ``frequencies_amount``, ``lines_dt`` (seconds of a row),
        ``channel_to_stream_index``, ``channel_amount``, ``stream_amount``, ``stream_port``, ``stream_url``,
        ``view_type``, ``metadata``. A field of another type than the contract's is a failure.

        = What follows from it =
        ``frequency_count``, ``first_frequency``, ``last_frequency`` and ``frequency_step`` (the first step, Hz),
        ``step_deviation`` (of the step that is farthest from the mean step, in % of the mean),
        ``transform_seconds`` (1 / step), ``transform_overlap`` (% of a transform that the next one repeats),
        ``row_seconds``, ``rows_a_second``, ``rows_in_display_time``, ``stream_count``, ``mapped_channels`` (11-109).

        = As the server answers now =
        ``state`` (waiting, running, completed, gone), and from the metadata ``nfft``, ``channels`` (11-109),
        ``frequency`` (0-1000 Hz), ``time_status`` (Live, Historic).

        | Get View Field    ${view}    stream_amount    ==    3
        | Get View Field    ${view}    step_deviation    <=    1 %
        | Close View    ${view}
        | Get View Field    ${view}    state    ==    gone    within=10 s
        """

        def read() -> Any:
            if isinstance(view, View):
                return fields.field_of(view, field)
            return ValueOfEach(fields.field_of(one, field) for one in view)

        return checked(f"{field} of the {_named(view)}", read, operator, expected, message, within, during)

    @keyword(tags=_GETTER, types=CHECK | {"view": View})
    def get_metadata(
        self,
        view: View,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> dict[str, Any]:
        """Returns the metadata of a view, as GET /metadata/{id} answers them now.

        | ${metadata} =    Get Metadata    ${view}
        | Get Metadata    ${view}    contains    channel_amount
        """
        what = f"Metadata of the {view}"
        found: dict[str, Any] = checked(
            what, lambda: fields.metadata_of(view), operator, expected, message, within, during
        )
        return found

    @keyword(tags=_GETTER, types=CHECK | {"view": View, "field": str})
    def get_metadata_field(
        self,
        view: View,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a member of the metadata of a view, as GET /metadata/{id} answers them now.

        ``field`` names members from outside in: ``nfft``, ``channels.min``, ``frequencies_list[0]``,
        ``metadata.parent.prr``.

        | Get Metadata Field    ${view}    channels.max    ==    109
        """
        return checked(
            f"{field} in the metadata of the {view}",
            lambda: member(fields.metadata_of(view), field),
            operator,
            expected,
            message,
            within,
            during,
        )

    @keyword(tags=_GETTER, types=_ONCE | {"view": View})
    def get_frequencies(
        self,
        view: View,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> list[float]:
        """Returns the frequencies that the view lists, in Hz. ``<``, ``>=`` and their like have to hold for each.

        | Get Frequencies    ${view}    >=    0 Hz
        """
        what = f"Frequencies (Hz) of the {view}"
        found: list[float] = checked(what, lambda: quantities.frequencies(view), operator, expected, message)
        return found

    @keyword(tags=_GETTER, types=_ONCE | {"view": View})
    def get_frequency_steps(
        self,
        view: View,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> list[float]:
        """Returns the step from each frequency of the view to the next, in Hz. ``>`` and its like hold for each.

        | Get Frequency Steps    ${view}    >    0 Hz
        """
        what = f"Steps (Hz) between the frequencies of the {view}"
        found: list[float] = checked(what, lambda: quantities.steps(view), operator, expected, message)
        return found

    @keyword(tags=_GETTER, types=_ONCE | {"view": View, "stream": int})
    def get_mapped_channels(
        self,
        view: View,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        stream: int | None = None,
    ) -> Any:
        """Returns the channels that the answer of the view mapped to ``stream``, or to any stream, like ``11-109``.

        | Get Mapped Channels    ${view}    ==    77-109    stream=2
        """
        place = "" if stream is None else f" to stream {stream}"
        return checked(
            f"Channels that the answer of the {view} mapped{place}",
            lambda: quantities.mapped_channels(view, stream),
            operator,
            expected,
            message,
        )


def _open(view_type: ViewType | None) -> Views:
    views = opening.open_views_of_this_lane()
    return Views(view for view in views if view_type is None or view.request.view_type == view_type)


def _named(view: View | Views) -> str:
    return str(view) if isinstance(view, View) else f"{len(view)} views"
