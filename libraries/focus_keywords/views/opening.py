"""Opens views on the Focus Server and closes them."""

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.words import ChannelRange, FrequencyRange, Recording, TimeStatus
from focus_core.run.session import OK, client
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.views import closing, opening
from focus_core.views.opening import open_view, view_request
from focus_core.views.view import View, Views, ViewType
from robot.api.deco import keyword

# Types of what may be left out. As `X | None` in an annotation Robot would not say how X is written.
_ASKED: dict[str, type] = {
    "channels": ChannelRange,
    "nfft": int,
    "frequency": FrequencyRange,
    "duration": float,
    "height": int,
}


class ViewOpening:
    """Views that are opened, closed and discarded."""

    @keyword(tags=("View",), types={"time_status": TimeStatus, "view_type": ViewType, "recording": Recording, **_ASKED})
    def open_view(
        self,
        *,
        time_status: TimeStatus = TimeStatus.Live,
        view_type: ViewType = ViewType.MultiChannel,
        channels: ChannelRange | None = None,
        nfft: int | None = None,
        frequency: FrequencyRange | None = None,
        duration: float | None = None,
        height: int | None = None,
        recording: Recording | None = None,
    ) -> View:
        """Opens a view and returns it. Fails when the server does not accept it.

        ``duration`` is seconds, ``height`` rows. A Historic view plays ``recording`` (from `Find A Recording`), a Live
        one has none; a Waterfall view has no NFFT, frequency and duration. Other combinations are refused at once.
        Values are sent as they are: whether they are good is the server's business.

        | ${view} =    Open View    time_status=Live    view_type=MultiChannel    channels=11-109    nfft=1024
        """
        return _open(
            time_status,
            view_type,
            channels=channels,
            nfft=nfft,
            frequency=frequency,
            duration=duration,
            height=height,
            recording=recording,
        )

    @keyword(tags=("View",), types={"view_type": ViewType, **_ASKED})
    def open_live_view(
        self,
        *,
        channels: ChannelRange | None = None,
        nfft: int | None = None,
        frequency: FrequencyRange | None = None,
        view_type: ViewType = ViewType.MultiChannel,
        duration: float | None = None,
        height: int | None = None,
    ) -> View:
        """Opens a live view and returns it; the short form of `Open View`.

        | ${view} =    Open Live View    channels=11-109    nfft=1024    frequency=0-1000 Hz
        """
        return _open(
            TimeStatus.Live,
            view_type,
            channels=channels,
            nfft=nfft,
            frequency=frequency,
            duration=duration,
            height=height,
        )

    @keyword(tags=("View",), types={"recording": Recording, "view_type": ViewType, **_ASKED})
    def open_historic_view(
        self,
        recording: Recording,
        *,
        channels: ChannelRange | None = None,
        nfft: int | None = None,
        frequency: FrequencyRange | None = None,
        view_type: ViewType = ViewType.MultiChannel,
        duration: float | None = None,
        height: int | None = None,
    ) -> View:
        """Opens a view that plays ``recording`` (from `Find A Recording`) and returns it; short for `Open View`.

        | ${recording} =    Find A Recording    at_least=10 seconds
        | ${view} =    Open Historic View    ${recording}    channels=11-109
        """
        return _open(
            TimeStatus.Historic,
            view_type,
            channels=channels,
            nfft=nfft,
            frequency=frequency,
            duration=duration,
            height=height,
            recording=recording,
        )

    @keyword(tags=("View",), types={"channels": ChannelRange, "height": int})
    def open_waterfall_view(self, *, channels: ChannelRange | None = None, height: int | None = None) -> View:
        """Opens a live waterfall view, which has neither frequencies nor a display duration, and returns it.

        | ${view} =    Open Waterfall View    channels=1-50
        """
        return _open(TimeStatus.Live, ViewType.Waterfall, channels=channels, height=height)

    @keyword(tags=("View",), types={"amount": int, "channels": ChannelRange, "nfft": int})
    def open_views_at_the_same_time(
        self, amount: int, *, channels: ChannelRange | None = None, nfft: int | None = None
    ) -> Views:
        """Opens ``amount`` live views by requests that are all under way at once, and returns them.

        No two ask for the same: ``channels`` and ``nfft`` are those of the first, each next view shows as many channels
        further on with the next NFFT of the site. Fails when one is not accepted, naming how many were not.

        | ${views} =    Open Views At The Same Time    5    channels=1-3
        """
        demands.at_least(1, amount=amount)
        return opening.open_views(opening.different_requests(amount, channels, nfft))

    @keyword(tags=("View",))
    def close_view(self, view: View) -> None:
        """Removes the view's job by DELETE /job/{id}; the server must say that it did.

        | Close View    ${view}
        """
        answer = client().delete_job(view.job_id)
        check_answer(answer, OK, f"Closing the {view}")
        said = answer.json().get("job_id")
        if said != view.job_id:
            raise AssertionError(f"Closing the {view} was answered for job {said!r}.")

    @keyword(tags=("View", "Assertion"))
    def close_views(self, views: Views) -> None:
        """Closes several views at the same time, whoever of this lane's users opened them, and waits until nothing is
        left of them: the server knows none, and the cluster, where the site has one, has none of their jobs, pods and
        services. The site's ``job_removed_s`` is the budget.

        They are removed by whatever way the site has; `Close View` judges what is answered.

        | ${views} =    Open Views At The Same Time    5    channels=1-3
        | Close Views    ${views}
        """
        demands.some("view", views)
        closing.remove_at_once([(closing.owner_of(view), view.job_id) for view in views])
        views.closed = True
        budget = site_data.site().timings.job_removed_s
        fail_with(f"Not everything of {len(views)} views was removed within {budget:g} s", closing.left(views, budget))

    @keyword(tags=("View",))
    def discard_view(self, view: View) -> None:
        """Removes a view that a test needs no longer, by whatever way the site has; what it answers is not judged.

        | Discard View    ${view}
        """
        client().remove_job(view.job_id)


def _open(
    time_status: TimeStatus,
    view_type: ViewType,
    *,
    channels: ChannelRange | None = None,
    nfft: int | None = None,
    frequency: FrequencyRange | None = None,
    duration: float | None = None,
    height: int | None = None,
    recording: Recording | None = None,
) -> View:
    if time_status is TimeStatus.Historic and recording is None:
        raise BenchError("A Historic view plays a recording: give recording=, from 'Find A Recording'.")
    if time_status is TimeStatus.Live and recording is not None:
        raise BenchError("A Live view plays no recording: leave out recording=, or say time_status=Historic.")
    spectral = {"nfft": nfft, "frequency": frequency, "duration": duration}
    foreign = [name for name, value in spectral.items() if value is not None]
    if view_type is ViewType.Waterfall and foreign:
        raise BenchError(f"A Waterfall view has no {' and no '.join(foreign)}; it takes channels and height.")
    return open_view(
        view_request(
            view_type,
            channels=channels,
            nfft=nfft,
            frequency=frequency,
            duration=duration,
            height=height,
            window=recording,
        )
    )
