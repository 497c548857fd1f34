"""The same request again and again, and many at once."""

from concurrent.futures import ThreadPoolExecutor

from focus_core import site_data
from focus_core.errors import BenchError
from focus_core.focus_client import Exchange, FocusClient
from focus_core.session import OK, client
from focus_core.verdicts import check_status
from robot.api import logger
from robot.api.deco import keyword, library


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class RepeatedRequestsLibrary:
    """Requests that are sent more than once: their answers are the same, also when all come at the same time."""

    @keyword(tags=("Server", "Assertion"))
    def repeated_requests_should_be_answered_alike(self, path: str, times: int = 3) -> None:
        """Asks the same again and again, at least twice: each answer is right and all are the same.

        | Repeated Requests Should Be Answered Alike    /channels    times=5
        """
        _check_several("times", times)
        _check_alike(path, [client().send("GET", path) for _ in range(times)])

    @keyword(tags=("Server", "Assertion"))
    def concurrent_requests_should_be_answered_alike(self, path: str, at_once: int) -> list[Exchange]:
        """Asks the same ``at_once`` times at the same time: each answer is right and all are the same.

        Returns the answers, with the seconds that each took.

        | Concurrent Requests Should Be Answered Alike    /ack    at_once=50
        """
        _check_several("at_once", at_once)
        asking = FocusClient.of_site(site_data.site(), site_data.lane_user())
        # The one login before they all need it.
        asking.authorization()
        with ThreadPoolExecutor(at_once) as pool:
            answers = list(pool.map(lambda _: asking.send("GET", path), range(at_once)))
        slowest = max(answer.seconds for answer in answers)
        logger.info(f"{at_once} answers to GET {path} at once, the slowest after {slowest:.3f} s.")
        _check_alike(path, answers)
        return answers

    @keyword(tags=("Server", "Assertion"))
    def answers_should_have_taken_on_average_at_most(self, answers: list[Exchange], seconds: float) -> None:
        """Checks the mean time of answers that were asked for at the same time; only for exclusive suites.

        | ${answers} =    Concurrent Requests Should Be Answered Alike    /ack    at_once=50
        | Answers Should Have Taken On Average At Most    ${answers}    ${SITE_DATA.timings.health_s}
        """
        mean = sum(answer.seconds for answer in answers) / len(answers)
        if mean > seconds:
            raise AssertionError(
                f"{len(answers)} answers at once took {mean:.3f} s on average; this site allows {seconds:g} s."
            )


def _check_several(name: str, number: int) -> None:
    if number < 2:
        raise BenchError(f"Answers are compared with each other: {name} is at least 2, not {number}.")


def _check_alike(path: str, answers: list[Exchange]) -> None:
    for number, answer in enumerate(answers, start=1):
        check_status(answer, OK, f"GET {path}, answer {number} of {len(answers)},")
    different = [number for number, answer in enumerate(answers, start=1) if answer.body != answers[0].body]
    if different:
        raise AssertionError(
            f"GET {path} was asked {len(answers)} times; answer {different[0]} differs from the first: "
            f"{answers[different[0] - 1].body[:200]} instead of {answers[0].body[:200]}"
        )
