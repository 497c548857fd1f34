"""Checks the metadata of views."""

from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from focus_core.base import demands
from focus_core.base.failures import fail_with
from focus_core.base.words import ChannelRange
from focus_core.run import session
from focus_core.run.session import OK, client
from focus_core.server.status_checks import check_answer
from focus_core.views import cluster_states, metadata, opening, refusals
from focus_core.views.opening import open_view, view_request
from focus_core.views.view import View, Views, ViewType
from robot.api.deco import keyword

# Views that are opened until one is seen while its job waits.
_MOST_OPENED = 8


class ViewMetadata:
    """What ``GET /metadata/{id}`` answers about an open view."""

    @keyword(tags=("View", "Assertion"))
    def metadata_should_match_the_view(self, view: View) -> None:
        """Checks that the metadata of the view repeat its answer and what was asked for, readable at once.

        Every value, its type too; nothing may be missing or too much. A waterfall view has no frequencies and NFFT 1.

        | Metadata Should Match The View    ${view}
        """
        answer = client().metadata(view.job_id)
        check_answer(answer, OK, f"Reading the metadata of the {view}")
        fail_with(f"The metadata of the {view} are wrong", metadata.problems(view, answer.json()))

    @keyword(tags=("View", "Assertion"))
    def metadata_asked_at_the_same_time_should_match_their_views(self, views: Views) -> None:
        """Asks for the metadata of all these views at the same time: each answer has to match the view it is for.

        | ${views} =    Open Views At The Same Time    5    channels=1-3
        | Metadata Asked At The Same Time Should Match Their Views    ${views}
        """
        demands.some("view", views)
        answers = opening.at_once([partial(client().metadata, view.job_id) for view in views])
        found = []
        for view, answer in zip(views, answers, strict=True):
            check_answer(answer, OK, f"Reading the metadata of the {view}")
            found += [f"{view}: {problem}" for problem in metadata.problems(view, answer.json())]
        fail_with(f"The metadata of {len(views)} views that were asked for at the same time are wrong", found)

    @keyword(tags=("View", "Assertion"))
    def metadata_should_agree_with_live_metadata(self, view: View) -> None:
        """Checks that the metadata of a live view describe the fibre of GET /live_metadata.

        Pulse repetition rate, metres a channel, number of channels, extent and description.

        | Metadata Should Agree With Live Metadata    ${view}
        """
        answer = client().metadata(view.job_id)
        check_answer(answer, OK, f"Reading the metadata of the {view}")
        problems = metadata.mismatch_with_live_metadata(answer.json(), session.live_metadata())
        fail_with(f"The metadata of the {view} do not agree with the live metadata", problems)

    @keyword(tags=("View", "Assertion"))
    def metadata_of_a_new_view_should_be_there(self, *, channels: ChannelRange) -> View:
        """Opens a live view and checks its metadata while its job is still waiting. Returns the view.

        A job may run before it can be asked; so up to eight views are opened until one is seen waiting. Each of the
        others has to run in the cluster too.

        | ${view} =    Metadata Of A New View Should Be There    channels=1-8
        """
        for _ in range(_MOST_OPENED):
            view = open_view(view_request(ViewType.MultiChannel, channels=channels))
            self.metadata_should_match_the_view(view)
            answer = client().job_status(view.job_id)
            check_answer(answer, OK, f"Asking for the status of the {view}")
            if answer.json() == {"status": "waiting"}:
                return view
            runs = cluster_states.runs_in_the_cluster(view)
            if runs is False:
                raise AssertionError(f"The {view} is {answer.body[:80]}, but its job does not run in the cluster.")
        if runs is None:
            raise AssertionError(f"{_MOST_OPENED} new views were not seen waiting, the last is {answer.body[:80]}.")
        return view

    @keyword(tags=("View", "Refusal", "Assertion"))
    def metadata_should_not_be_found(self, job_id: str) -> None:
        """Checks that the metadata of a job that does not exist, or no more, are answered 404 with a reason.

        | Metadata Should Not Be Found    999-999999
        """
        answer = client().metadata(quote(job_id, safe=""))
        check_answer(answer, HTTPStatus.NOT_FOUND, f"Reading the metadata of job {job_id[:40]!r}")
        problems = refusals.problems(answer, HTTPStatus.NOT_FOUND, "job_id")
        fail_with(f"The metadata of job {job_id[:40]!r} were not refused as they should", problems)
