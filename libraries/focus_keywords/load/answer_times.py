"""How long the answers to one request take, asked again and again."""

from __future__ import annotations

from collections.abc import Callable
from statistics import mean, median
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Seconds
from focus_core.load import latency
from focus_core.run.session import client
from focus_core.server.status_checks import check_status
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

Statistic = Literal["slowest", "fastest", "mean", "median", "95 %"]
_STATISTICS: dict[str, Callable[[list[float]], float]] = {
    "slowest": max,
    "fastest": min,
    "mean": mean,
    "median": median,
    "95 %": lambda times: latency.within(times, 95),
}
_TYPES: dict[str, Any] = {"request": str, "of": Statistic, "times": int, "status": int} | {
    name: CHECK[name] for name in ("operator", "expected", "message")
}


class AnswerTimes:
    """Times of answers, returned and checked; only for exclusive suites where they are checked."""

    @keyword(tags=("Server", "Getter", "Assertion"), types=_TYPES)
    def get_answer_times(
        self,
        request: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        times: int = 20,
        of: Statistic | None = None,
        status: int = 200,
    ) -> Any:
        """Sends a request so many ``times``, one after the other, and returns how long each answer took, in seconds.

        ``request`` is a method and a path, as ``GET /channels``. With ``of`` only that of all times is returned:
        the ``slowest``, ``fastest``, ``mean``, ``median``, or the time that ``95 %`` keep. Fails when an answer has
        another ``status``. Time limits belong into exclusive suites, where no other lane loads the site.

        | ${all} =    Get Answer Times    GET /channels    times=20
        | Get Answer Times    GET /channels    <    500 ms    times=20    of=slowest
        """
        demands.at_least(1, times=times)
        method, _, path = request.partition(" ")
        if not method.isupper() or not path.startswith("/"):
            raise BenchError(f"A request is written like GET /channels, not '{request}'.")

        def read() -> Seconds | list[Seconds]:
            taken = []
            for number in range(1, times + 1):
                answer = client().send(method, path)
                check_status(answer, status, f"{request}, answer {number} of {times},")
                taken.append(Seconds(answer.seconds))
            return Seconds(_STATISTICS[of](list(taken))) if of else taken

        which = f"{of[0].upper()}{of[1:]} of {times} times" if of else f"{times} times"
        return checked(f"{which} of {request}", read, operator, expected, message)
