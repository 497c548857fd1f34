"""Keywords about what the server answers when a view is opened."""

from itertools import groupby, pairwise

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.run.session import OK
from focus_core.server.status_checks import check_answer
from focus_core.views import answer_checks, opening, quantities
from focus_core.views.view import View, Views, number_of
from robot.api.deco import keyword


class ViewAnswers:
    """Checks of answers against requests and each other."""

    @keyword(tags=("View", "Assertion"))
    def view_should_answer_what_was_asked(self, view: View) -> None:
        """Checks every value of the server's answer against the request, the site and its fibre.

        Status, job id, port of the job's slot, counts, the stream of each channel, each frequency, time of a row, type
        of view, what the recorder says; then that nothing else is in the answer.

        | View Should Answer What Was Asked    ${view}
        """
        fail_with(f"{view} was not answered as asked", opening.problems_of_view(view))
        check_answer(view.exchange, OK, f"{view}")

    @keyword(tags=("View", "Assertion"))
    def views_should_not_share_anything(self, views: Views) -> None:
        """Checks that views have job ids, job numbers, slots and ports of their own, ports that keep step with their
        slots, and one host of their streams.

        | Views Should Not Share Anything    ${views}
        """
        _need_two(views)
        fail_with(f"{len(views)} views are not apart from each other", answer_checks.problems_between(views))

    @keyword(tags=("View", "Assertion"))
    def job_numbers_should_grow(self, views: Views) -> None:
        """Checks that views that were opened one after the other have job numbers that grow.

        | Job Numbers Should Grow    ${views}
        """
        _need_two(views)
        numbers = [number_of(view.job_id) for view in views]
        if any(later <= earlier for earlier, later in pairwise(numbers)):
            raise AssertionError(f"The numbers of jobs do not grow: {', '.join(view.job_id for view in views)}.")

    @keyword(tags=("View", "Assertion"))
    def views_should_be_calculated_alike(self, views: Views) -> None:
        """Checks that views that were asked for alike have the same frequencies, channels, streams and row times.

        | Views Should Be Calculated Alike    ${views}
        """
        _need_two(views)
        if len({view.request for view in views}) > 1:
            raise BenchError("Only views that were asked for alike can be compared.")
        problems = [
            f"{name} of job {view.job_id} differs from that of job {views[0].job_id}"
            for view in views[1:]
            for name in answer_checks.CALCULATED
            if view.answer.raw.get(name) != views[0].answer.raw.get(name)
        ]
        fail_with("The same request was answered in different ways", problems)

    @keyword(tags=("View", "Assertion"))
    def channels_should_be_listed_in_order(self, view: View) -> None:
        """Fails unless ``channel_to_stream_index`` lists each channel that was asked for, once and in order.

        | Channels Should Be Listed In Order    ${view}
        """
        first, last = view.request.channels
        if list(quantities.mapping(view)) != [str(channel) for channel in range(first, last + 1)]:
            raise AssertionError(
                f"channel_to_stream_index of the {view} does not list channels {first}-{last}, each once and in order: "
                f"{', '.join(quantities.mapping(view)):.200}."
            )

    @keyword(tags=("View", "Assertion"))
    def streams_should_have_channels(self, view: View, *sizes: int) -> None:
        """Fails unless the channels of the view are in streams of these sizes, from stream 0 on, one after the other.

        | Streams Should Have Channels    ${view}    3    3    2
        """
        demands.some("size of a stream", sizes)
        wanted = list(enumerate(sizes))
        # A boolean equals a number here and is none.
        seen = [(stream, len(list(group))) for stream, group in groupby(quantities.mapping(view).values())]
        if seen != wanted or any(isinstance(stream, bool) for stream, _ in seen):
            raise AssertionError(
                f"The channels of the {view} are not in streams of {', '.join(map(str, sizes))} channels, one after "
                f"the other, but as {', '.join(f'{size} in stream {stream}' for stream, size in seen)}."
            )


def _need_two(views: Views) -> None:
    if len(views) < 2:
        raise BenchError(f"At least 2 views can be compared, not {len(views)}; open more of them.")
