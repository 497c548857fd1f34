"""Changes open views, and asks for changes that the server has to refuse."""

from http import HTTPStatus
from threading import Event
from typing import Any, Literal
from urllib.parse import quote

from focus_core.base import demands
from focus_core.base.failures import fail_with
from focus_core.base.threads import Threads
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import ChannelRange, FrequencyRange
from focus_core.run import other_clients
from focus_core.run.session import OK, client, prr
from focus_core.server.client import Exchange, FocusClient
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.streams import client as stream_client
from focus_core.streams import followed
from focus_core.streams.client import Frame
from focus_core.views import bodies, changes, json_values, metadata, refusals
from focus_core.views.changes import ViewChange
from focus_core.views.refusals import Kind
from focus_core.views.view import View
from robot.api import SkipExecution, logger
from robot.api.deco import keyword

Operation = Literal["config", "config_task"]
# As `X | None` in an annotation Robot would not say how X is written.
_CHANGE: dict[str, Any] = {
    "view": View,
    "channels": ChannelRange,
    "nfft": int,
    "frequency": FrequencyRange,
    "duration": float,
    "height": int,
    "by": Operation,
}


class ViewChanges:
    """Changes of open views, and commands to their jobs."""

    @keyword("Change ROI", tags=("View",))
    def change_roi(self, view: View, channels: ChannelRange, *, by: Operation = "config") -> View:
        """Changes the channels of an open view, first to last, by its region of interest. Returns the changed view.

        A region that starts at 0 starts at the first channel. The server has to say that it received the change.

        | ${changed} =    Change ROI    ${view}    channels=61-111
        """
        change = ViewChange(channels=channels)
        return self._change(view, change, {"roi": list(channels)}, by)

    @keyword(
        tags=("View",),
        types=_CHANGE,
    )
    def change_view(
        self,
        view: View,
        *,
        channels: ChannelRange | None = None,
        nfft: int | None = None,
        frequency: FrequencyRange | None = None,
        duration: float | None = None,
        height: int | None = None,
        by: Operation = "config",
    ) -> View:
        """Changes what an open view shows; what is not said stays. Returns the changed view.

        ``duration`` is in seconds, ``height`` in rows.

        | ${changed} =    Change View    ${view}    nfft=512    frequency=0-500 Hz
        """
        change = ViewChange(channels, nfft, frequency, duration, height)
        return self._change(view, change, change.body(), by)

    @keyword(tags=("View",))
    def change_whole_view(
        self,
        view: View,
        *,
        channels: ChannelRange,
        nfft: int,
        frequency: FrequencyRange,
        duration: float,
        height: int,
    ) -> View:
        """Changes an open view by the older form of a change, where all of its fields stand. Returns the changed view.

        | ${changed} =    Change Whole View    ${view}    channels=11-13    nfft=512    frequency=0-200 Hz
        | ...    duration=20    height=500
        """
        change = ViewChange(channels, nfft, frequency, duration, height)
        wanted = change.applied_to(view, view.exchange, prr(), site_data.site().limits.lowest_channel)
        return self._change(view, change, changes.complete_form(wanted.request), "config")

    @keyword(tags=("View",))
    def change_back(self, view: View, before: View) -> View:
        """Changes a view back to what it was before, by the older form of a change, and returns it so.

        | ${view} =    Change Back    ${changed}    ${view}
        """
        asked = before.request
        change = ViewChange(asked.channels, asked.nfft, asked.frequency, asked.duration, asked.height)
        return self._change(view, change, changes.complete_form(asked), "config")

    @keyword(tags=("View", "Assertion"))
    def view_should_show_channels(self, view: View, channels: ChannelRange) -> None:
        """Checks that the metadata of a view speak of exactly these channels: range, number, streams.

        | View Should Show Channels    ${view}    61-111
        """
        seen = self._metadata(view)
        first, last = channels
        problems = []
        if not json_values.same(seen.get("channels"), {"min": first, "max": last}):
            problems.append(f"channels is {seen.get('channels')}")
        if not json_values.same(seen.get("channel_amount"), last - first + 1):
            problems.append(f"channel_amount is {seen.get('channel_amount')!r}, expected {last - first + 1}")
        if list(seen.get("channel_to_stream_index", ())) != [str(channel) for channel in range(first, last + 1)]:
            problems.append("channel_to_stream_index lists other channels")
        fail_with(f"The view of job {view.job_id} does not show channels {first}-{last}", problems)

    @keyword(tags=("View", "Assertion"))
    def only_channels_should_have_changed(self, view: View) -> None:
        """Checks that the channels of a view have changed since it was opened, and nothing else.

        ``view`` is the view as it was before the change: as it was opened, or as an earlier change returned it.

        | Only Channels Should Have Changed    ${view}
        """
        problems = changes.unexpected_changes(view, self._metadata(view), metadata.expected(view))
        fail_with(f"More or less than the channels of the {view} has changed", problems)

    @keyword("Open Stream Should Follow ROI Changes", tags=("View", "Stream", "Assertion"))
    def open_stream_should_follow_roi_changes(self, view: View, *channels: ChannelRange) -> View:
        """Changes the ROI of a live view to one range after the other while its first stream is read.

        The stream has to show each of them, without an end and without a missing row. Returns the changed view. The
        budget of each change is the site's ``first_frame_s``.

        | ${changed} =    Open Stream Should Follow ROI Changes    ${view}    50-150    1-201
        """
        demands.some("range of channels", channels)
        budget = site_data.site().timings.first_frame_s
        views = [view]
        shown: list[tuple[int, int]] = []
        given_up = Event()

        def enough(frames: list[Frame]) -> bool:
            shown.append((frames[-1].first_channel, frames[-1].last_channel))
            return given_up.is_set()

        target = stream_client.address(view.answer.stream_url, view.answer.stream_port)
        with Threads(1) as pool:
            reading = pool.submit(
                stream_client.read_stream, target, 0, timeout=budget * (len(channels) + 1), enough=enough
            )
            try:
                self._wait_until_shown(views[0], shown, budget)
                for following in channels:
                    views.append(self.change_roi(views[-1], following))
                    self._wait_until_shown(views[-1], shown, budget)
            finally:
                given_up.set()
        frames = reading.result().frames
        logger.info(f"{target} {reading.result()}")
        problems = followed.problems_of_followed_stream(views, frames, 0)
        fail_with(f"The open stream of the {view} did not follow the changes", problems)
        return views[-1]

    @keyword("ROI Should Be Refused", tags=("Refusal", "Assertion"))
    def roi_should_be_refused(self, view: View, channels: ChannelRange, because: str = "roi") -> None:
        """Asks for a region of interest that the server has to refuse with 400; the view has to stay as it is.

        | ROI Should Be Refused    ${view}    50-1
        """
        self._refuse(view, {"roi": list(channels)}, refusals.SEMANTIC_ERROR, "roi", because)

    @keyword(tags=("Refusal", "Assertion"))
    def change_should_be_refused(
        self, view: View, change: str, field: str, *, because: str = "", status: int = refusals.VALIDATION_ERROR
    ) -> None:
        """Sends a change, written as JSON, that the server has to refuse; the view has to stay as it is.

        ``status`` is 422 for a wrong shape or type, 400 for a wrong meaning. The refusal has to name ``field`` (empty
        for the body as a whole) and to speak of ``because``, by default of the field.

        | Change Should Be Refused    ${view}    {"roi": [1]}    field=roi
        """
        self._refuse(view, changes.parse(change), status, field, because or field.rpartition(".")[2])

    @keyword(tags=("Refusal", "Assertion"))
    def whole_change_with_should_be_refused(
        self,
        view: View,
        field: str,
        value: str,
        *,
        names: str = "",
        because: str = "",
        status: int = refusals.VALIDATION_ERROR,
    ) -> None:
        """Sends the older form of a change with a wrong JSON value in one field; the server has to refuse it.

        The refusal has to name the field, or ``names`` where it is another one; the view has to stay as it is.

        | Whole Change With Should Be Refused    ${view}    sensors.min    "one"
        | Whole Change With Should Be Refused    ${view}    frequencyRange    {"min": 500, "max": 0}    status=400
        """
        body = bodies.with_field(changes.complete_form(view.request), field, changes.parse(value))
        named = names or field
        kinds = changes.kinds_of(named, changes.parse(value)) if status == refusals.VALIDATION_ERROR else ()
        self._refuse(view, body, status, named, because or named.rpartition(".")[2], kinds)

    @keyword(tags=("Refusal", "Assertion"))
    def whole_change_without_should_be_refused(self, view: View, field: str) -> None:
        """Sends the older form of a change without a field; the server has to answer 422 and name it.

        | Whole Change Without Should Be Refused    ${view}    sensors
        """
        body = bodies.without_field(changes.complete_form(view.request), field)
        self._refuse(view, body, refusals.VALIDATION_ERROR, field, field.rpartition(".")[2], (Kind.Present,))

    @keyword(tags=("Refusal", "Assertion"))
    def change_with_times_should_be_refused(
        self, view: View, start: str, end: str, field: str, *, because: str = ""
    ) -> None:
        """Sends the older form of a change with times (JSON: ``"261122110000"``, null) that the view does not have.

        | Change With Times Should Be Refused    ${view}    "261122110000"    null    field=start_time
        """
        whole = changes.complete_form(view.request)
        body = whole | {"start_time": changes.parse(start), "end_time": changes.parse(end)}
        self._refuse(view, body, refusals.SEMANTIC_ERROR, field, because or field)

    @keyword(tags=("Refusal", "Assertion"))
    def change_of_job_should_be_refused(
        self, job_id: str, status: int, because: str, *, field: str = "", by: Operation = "config"
    ) -> None:
        """Asks for the change of a job that does not exist, is over, or cannot exist; the status has to be this one.

        | Change Of Job Should Be Refused    999-999999    404    because=job_id
        """
        answer = self._send(client(), job_id, {"roi": [1, 8]}, by)
        what = f"A change of job {job_id[:40]!r}"
        check_answer(answer, status, what)
        fail_with(f"{what} was not refused as it should", changes.problems_of_refusal(answer, status, field, because))

    @keyword(tags=("Refusal", "Assertion"))
    def change_by_another_client_should_be_refused(self, view: View, *, by: Operation = "config") -> None:
        """Asks for a change of the view as another user of the same role: 403, and the view has to stay as it is.

        Skipped on a site that knows only one such user.

        | Change By Another Client Should Be Refused    ${view}
        """
        other = other_clients.other_user()
        if other is None:
            raise SkipExecution(f"Site {site_data.site().name} knows no other client than this one by design.")
        answer = self._send(other_clients.client_of(other), view.job_id, {"roi": [1, 8]}, by)
        self._judge(view, answer, HTTPStatus.FORBIDDEN, "", "owner", f"A change of the {view} by {other.username}")

    @keyword("Send ROI Command", tags=("View", "Command"))
    def send_roi_command(self, view: View, channels: ChannelRange) -> None:
        """Publishes a command to the view's job that names its region of interest, right or wrong.

        The job has to listen: a queue with its id in the name is bound to the exchange of commands. It need not before
        somebody reads its streams.

        | Send ROI Command    ${view}    50-150
        """
        self._publish(view, "roi", {"start": channels.first, "end": channels.last})

    @keyword(tags=("View", "Command"))
    def send_colour_axis_command(self, view: View, lowest: str, highest: str) -> None:
        """Publishes a command to the view's job that names the ends of its colour axis as JSON, right or wrong.

        | Send Colour Axis Command    ${view}    5    50
        """
        self._publish(view, "caxis", {"min": changes.parse(lowest), "max": changes.parse(highest)})

    @keyword(tags=("View", "Command"))
    def send_colormap_command(self, view: View, name: str) -> None:
        """Publishes a command to the view's job that names its colours: parula, grayscale, jet, or a wrong one.

        | Send Colormap Command    ${view}    jet
        """
        self._publish(view, "colormap", name)

    @keyword(tags=("View", "Command", "Assertion"))
    def view_should_follow_command(self, view: View, channels: ChannelRange) -> View:
        """Waits until the metadata of a view show the channels that a command named; returns the changed view.

        The budget is the site's ``first_frame_s``: commands pass the broker.

        | ${changed} =    View Should Follow Command    ${view}    50-150
        """
        limits = site_data.site().limits
        cut = ChannelRange(channels.first, min(channels.last, limits.highest_channel))
        changed = ViewChange(channels=cut).applied_to(view, view.exchange, prr(), limits.lowest_channel)

        def followed() -> bool:
            problems = metadata.problems(changed, self._metadata(view))
            if problems:
                raise NotYet("; ".join(problems[:3]))
            return True

        wait_until(f"The {changed} is shown", followed, timeout=site_data.site().timings.first_frame_s)
        return changed

    def _change(self, view: View, change: ViewChange, body: dict[str, Any], by: Operation) -> View:
        answer = self._send(client(), view.job_id, body, by)
        what = f"The change of the {view} to {change}"
        check_answer(answer, OK, what)
        fail_with(f"{what} was not answered as it should", changes.problems_of_acceptance(view, answer))
        changed = change.applied_to(view, answer, prr(), site_data.site().limits.lowest_channel)
        logger.info(f"Changed to {changed}.")
        return changed

    def _send(self, sender: FocusClient, job_id: str, body: Any, by: Operation) -> Exchange:
        if by == "config_task":
            return sender.send("POST", "/config_task", {"task_id": job_id, **body})
        return sender.send("POST", f"/config/{quote(job_id, safe='')}", body)

    def _refuse(
        self, view: View, body: Any, status: int, field: str, because: str, kinds: tuple[Kind, ...] = ()
    ) -> None:
        answer = self._send(client(), view.job_id, body, "config")
        self._judge(view, answer, status, field, because, f"The change {answer.request_body} of the {view}", kinds)

    def _judge(
        self,
        view: View,
        answer: Exchange,
        status: int,
        field: str,
        because: str,
        what: str,
        kinds: tuple[Kind, ...] = (),
    ) -> None:
        check_answer(answer, status, what)
        allowed = changes.allowed_values(view, field, site_data.site().limits)
        problems = changes.problems_of_refusal(answer, status, field, because, allowed, kinds)
        problems += [
            f"it was refused, but changed the view: {problem}"
            for problem in metadata.problems(view, self._metadata(view))
        ]
        fail_with(f"{what} was not refused as it should", problems)

    def _metadata(self, view: View) -> dict[str, Any]:
        answer = client().metadata(view.job_id)
        check_answer(answer, OK, f"Reading the metadata of the {view}")
        content: dict[str, Any] = answer.json()
        return content

    def _wait_until_shown(self, view: View, shown: list[tuple[int, int]], budget: float) -> None:
        wanted = followed.channels_of_stream(view, 0)

        def is_shown() -> bool:
            if wanted not in shown[-1:]:
                raise NotYet(f"channels {shown[-1] if shown else 'of no frame'}")
            return True

        wait_until(f"The open stream shows channels {wanted[0]}-{wanted[1]}", is_shown, timeout=budget)

    def _publish(self, view: View, key: str, value: Any) -> None:
        from focus_core.rabbitmq import commands
        from focus_core.rabbitmq.client import RabbitClient

        broker = RabbitClient.of_site(site_data.site())
        broker.exchange = commands.COMMAND_EXCHANGE

        def job_listens() -> bool:
            queues = sorted({binding.queue for binding in broker.bindings()})
            if not any(view.job_id in name for name in queues):
                raise NotYet(f"bound queues {', '.join(queues) or 'none'}")
            return True

        what = f"A queue of job {view.job_id} is bound to the exchange {broker.exchange}"
        wait_until(what, job_listens, timeout=site_data.site().timings.job_running_s)
        message = commands.message(key, view.job_id, value)
        broker.publish(key, message)
        logger.info(f"Published {message} under '{key}'.")
