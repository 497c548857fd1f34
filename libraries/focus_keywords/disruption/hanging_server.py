"""What clients see of a Focus Server that takes their requests and does not answer."""

import time

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.threads import Threads
from focus_core.run import job_keeper, report
from focus_core.run.session import client
from focus_core.server import leaks
from focus_core.server.client import Exchange, FocusClient
from focus_core.site import data as site_data
from focus_core.views.refused import small_view
from robot.api import logger
from robot.api.deco import keyword

_GATEWAY_TIMEOUT = 504
# How late a client may notice that its time is over.
_LATE_S = 1.0


class HangingServer:
    """Requests to a server that hangs (`Freeze`): answered in its place, or given up."""

    @keyword(tags=("Outage", "Assertion"))
    def ingress_should_answer_504_for_the_frozen_server(self) -> None:
        """Asks for the channels and for a live view at the same time: the ingress answers both with 504, within the
        site's ``gateway_s``, and shows nothing internal.

        | Ingress Should Answer 504 For The Frozen Server
        """
        limit = site_data.site().timings.gateway_s
        patient = _client(2 * limit)
        with Threads(2) as pool:
            channels = pool.submit(patient.send, "GET", "/channels")
            view = pool.submit(patient.configure, small_view().body())
            answers = [channels.result(), view.result()]
        for answer in answers:
            report.log_exchange(answer)
        fail_with(
            "The ingress does not answer as it should for a server that hangs",
            [f"{answer} {problem}" for answer in answers for problem in _problems(answer, limit)],
        )

    @keyword(tags=("Outage", "Assertion"))
    def client_should_give_up_its_view_after(self, seconds: float) -> None:
        """Asks for a live view and waits no longer than so many seconds: nothing comes, and the client gets to know it
        in time.

        | Client Should Give Up Its View After    2
        """
        demands.above_zero(seconds=seconds)
        impatient = _client(seconds)
        begun = time.monotonic()
        try:
            answer = impatient.configure(small_view().body())
        except BenchError as error:
            taken = time.monotonic() - begun
            logger.info(f"Given up after {taken:.1f} s: {error}")
            if taken > seconds + _LATE_S:
                raise AssertionError(
                    f"A client that waits {seconds:g} s was left hanging for {taken:.1f} s."
                ) from error
        else:
            raise AssertionError(f"The server hangs, and yet {answer}: {answer.body[:200]}")


def _client(timeout: float) -> FocusClient:
    """The Focus Server as this lane's user, with a patience of its own and without a record."""
    site, login = site_data.site(), client().authorization().get("Authorization", "").removeprefix("Bearer ")
    return FocusClient(
        site.focus.url,
        timeout=timeout,
        verify=site.tls.verify,
        token=(lambda: login) if login else None,
        jobs=job_keeper.of_site(site, site_data.lane_user()),
        proxy=site.proxy,
    )


def _problems(answer: Exchange, limit: float) -> list[str]:
    found = leaks.problems(answer)
    if answer.status != _GATEWAY_TIMEOUT:
        found.append(f"has another status than {_GATEWAY_TIMEOUT}: {answer.body[:200]}")
    if answer.seconds > limit:
        found.append(f"took {answer.seconds:.1f} s; this site allows {limit:g} s")
    return found
