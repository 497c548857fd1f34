"""Keywords about the state of a view's job, as GET /ack/{id} gives it."""

from http import HTTPStatus

from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.run import report
from focus_core.run.session import client
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.views import cluster_states, job_states, opening
from focus_core.views.job_states import JobState
from focus_core.views.view import View
from robot.api import logger
from robot.api.deco import keyword


class ViewStates:
    """The states of a view's job: waiting, running, completed, gone."""

    @keyword(tags=("View", "Assertion"))
    def states_of_view_should_be(self, view: View, *states: JobState) -> None:
        """Asks GET /ack/{id} again and again until the last of ``states`` is answered: exactly these are to be seen, in
        this order, within the site's ``job_running_s``. A table of the states with their times is in the log.

        To be used right after the view was opened. What its job went through before the first of them is not asked
        for. A job that runs at the first look need not have been seen waiting, when it runs in the cluster too.

        | States Of View Should Be    ${view}    waiting    running
        """
        job_states.check_words(states)
        budget = site_data.site().timings.job_running_s
        seen = job_states.watch(lambda: opening.state_of(view), states[-1], timeout=budget)
        report.log_fold(f"States of job {view.job_id}: {len(seen)}", job_states.table(seen))
        wanted = states
        if states[0] == "waiting" and seen[0].state == "running" and cluster_states.runs_in_the_cluster(view):
            logger.info(f"Job {view.job_id} runs in the cluster already: nobody could see it waiting.")
            wanted = states[1:]
        fail_with(f"The state of the {view} is wrong", job_states.problems(seen, wanted, budget))

    @keyword(tags=("View", "Assertion"))
    def view_should_be_running(self, view: View) -> None:
        """Waits until the view's job runs; the site's ``job_running_s`` is the budget.

        | View Should Be Running    ${view}
        """
        self._wait_for_status(view, "running", site_data.site().timings.job_running_s, passed_by=("completed",))

    @keyword(tags=("View", "Assertion"))
    def view_should_be_gone(self, view: View) -> None:
        """Waits until the server knows the view's job no longer; the site's ``job_removed_s`` is the budget.

        | View Should Be Gone    ${view}
        """

        def forgotten() -> bool:
            answer = client().job_status(view.job_id)
            if answer.status != HTTPStatus.NOT_FOUND:
                raise NotYet(f"{answer.status} {answer.body[:80]}")
            check_answer(answer, HTTPStatus.NOT_FOUND, f"Asking for the status of the closed {view}")
            return True

        wait_until(f"Job {view.job_id} is unknown", forgotten, timeout=site_data.site().timings.job_removed_s)

    def _wait_for_status(self, view: View, wanted: str, budget: float, passed_by: tuple[str, ...] = ()) -> None:
        def reached() -> bool:
            status = opening.state_of(view)
            if status in passed_by:
                raise AssertionError(f"Job {view.job_id} is {status}; it was to be seen {wanted}.")
            if status != wanted:
                raise NotYet(f"status {status!r}")
            return True

        wait_until(f"Job {view.job_id} is {wanted}", reached, timeout=budget)
