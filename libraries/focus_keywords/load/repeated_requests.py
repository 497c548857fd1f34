"""The same request again and again, and many at once."""

from statistics import median

from focus_core.base import demands
from focus_core.base.failures import fail_with
from focus_core.base.threads import Threads
from focus_core.load import latency
from focus_core.run import clients
from focus_core.run.session import OK, client
from focus_core.server.client import Exchange, FocusClient
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.views.opening import open_view
from focus_core.views.refused import small_view
from robot.api import logger
from robot.api.deco import keyword

_LIVENESS = "/ack"
# Of fewer answers, a share of them is just the slowest.
_ENOUGH_FOR_P95, _ENOUGH_FOR_P99 = 20, 100


class RepeatedRequests:
    """Requests that are sent more than once: their answers are the same, also when all come at the same time."""

    @keyword(tags=("Server", "Assertion"))
    def repeated_requests_should_be_answered_alike(self, path: str, times: int = 3) -> None:
        """Asks the same again and again, at least twice: each answer is right and all are the same.

        | Repeated Requests Should Be Answered Alike    /channels    times=5
        """
        demands.at_least(2, times=times)
        _check_alike(path, [client().send("GET", path) for _ in range(times)])

    @keyword(tags=("Server", "Assertion"))
    def concurrent_requests_should_be_answered_alike(self, path: str, at_once: int) -> list[Exchange]:
        """Asks the same ``at_once`` times at the same time: each answer is right and all are the same.

        Returns the answers, with the seconds that each took.

        | Concurrent Requests Should Be Answered Alike    /ack    at_once=50
        """
        demands.at_least(2, at_once=at_once)
        asking = _own_client()
        with Threads(at_once) as pool:
            answers = list(pool.map(lambda _: asking.send("GET", path), range(at_once)))
        slowest = max(answer.seconds for answer in answers)
        logger.info(f"{at_once} answers to GET {path} at once, the slowest after {slowest:.3f} s.")
        _check_alike(path, answers)
        return answers

    @keyword(tags=("Server", "Assertion"))
    def concurrent_liveness_requests_should_be_answered_in_time(self) -> None:
        """Asks GET /ack so many times at the same time as the site has limits for (``health_at_once``): each answer is
        right, and their mean and the time of 95 % of them keep the limits. Only for exclusive suites.

        | Concurrent Liveness Requests Should Be Answered In Time
        """
        found: list[str] = []
        for limit in site_data.site().timings.health_at_once:
            answers = self.concurrent_requests_should_be_answered_alike(_LIVENESS, limit.requests)
            found += latency.problems(_seconds(answers), mean_s=limit.mean_s, p95_s=limit.p95_s)
        fail_with(f"GET {_LIVENESS} is answered late when many ask at once", found)

    @keyword(tags=("Server", "View", "Assertion"))
    def consecutive_views_should_be_created_in_time(self, count: int) -> None:
        """Opens so many small live views, each removed before the next one: each is answered within ``job_created_s``
        of the site and half of them, of twenty and more 95 %, within ``configure_p95_s``; of a hundred and more, 99 %
        within ``configure_p99_s``. Only for exclusive suites.

        | Consecutive Views Should Be Created In Time    10
        """
        demands.at_least(2, count=count)
        answers = []
        for _ in range(count):
            view = open_view(small_view())
            client().remove_job(view.job_id)
            answers.append(view.exchange)
        timings = site_data.site().timings
        found = [
            f"view {number} of {count} was answered after {answer.seconds:.3f} s; this site allows "
            f"{timings.job_created_s:g} s"
            for number, answer in enumerate(answers, start=1)
            if answer.seconds > timings.job_created_s
        ]
        half = median(_seconds(answers))
        if half > timings.configure_p95_s:
            found.append(
                f"half of {count} views were answered after {half:.3f} s or more; this site allows "
                f"{timings.configure_p95_s:g} s"
            )
        p95_s = timings.configure_p95_s if count >= _ENOUGH_FOR_P95 else None
        p99_s = timings.configure_p99_s if count >= _ENOUGH_FOR_P99 else None
        found += latency.problems(_seconds(answers), p95_s=p95_s, p99_s=p99_s)
        fail_with("Views are created late", found)


def _seconds(answers: list[Exchange]) -> list[float]:
    return [answer.seconds for answer in answers]


def _own_client() -> FocusClient:
    """A client for several threads: the log of Robot Framework takes nothing from other threads."""
    asking = clients.focus_client(site_data.site(), site_data.lane_user())
    # The one login before they all need it.
    asking.authorization()
    return asking


def _check_alike(path: str, answers: list[Exchange]) -> None:
    for number, answer in enumerate(answers, start=1):
        check_answer(answer, OK, f"GET {path}, answer {number} of {len(answers)},")
    different = [number for number, answer in enumerate(answers, start=1) if answer.body != answers[0].body]
    if different:
        raise AssertionError(
            f"GET {path} was asked {len(answers)} times; answer {different[0]} differs from the first: "
            f"{answers[different[0] - 1].body[:200]} instead of {answers[0].body[:200]}"
        )
