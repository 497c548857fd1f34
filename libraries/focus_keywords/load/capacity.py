"""Keywords about many views at once: how many a client and the site carry, and what comes after."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any, Literal

from focus_core.base import cleanup, demands
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import ChannelRange, Names
from focus_core.load import views_at_once as many_views
from focus_core.load.action_data import recorded
from focus_core.load.views_at_once import Burst, Ports
from focus_core.run import clients
from focus_core.run.report import log_fold
from focus_core.run.session import client
from focus_core.server.client import FocusClient
from focus_core.site import data as site_data
from focus_core.site.data import site
from focus_core.views import closing
from focus_core.views.opening import open_view, view_request
from focus_core.views.refused import FEW_CHANNELS, small_view
from focus_core.views.view import ViewType
from robot.api import SkipExecution, logger
from robot.api.deco import keyword

# A view that nobody reads is removed after the site's idle time; opening one takes so many seconds of it.
_SECONDS_A_VIEW = 0.2
# The part of the idle time in which every view that was opened is surely there.
_SAFELY_OPEN = 0.8
_TRIES = 3
# How long a historic view of many goes on: so many recorded seconds.
_PLAYED_S = 300
_OPTIONAL: dict[str, Any] = {
    "amount": int,
    "channels": ChannelRange,
    "nfft": int,
    "kind": Literal["live", "historic"],
    "users": int,
}


class Capacity:
    """Views by the dozen; only for exclusive suites."""

    @keyword(tags=("Capacity", "Assertion"))
    def one_view_should_be_answered_fast(self) -> None:
        """Opens a small live view on a site that does nothing else and removes it: it has to be accepted within the
        site's ``single_view_s``. The fastest of three counts: a tester's machine may be busy for a moment.

        | One View Should Be Answered Fast
        """
        limit = site().timings.single_view_s
        took: list[float] = []
        while len(took) < _TRIES and (not took or took[-1] > limit):
            view = open_view(small_view())
            client().remove_job(view.job_id)
            took.append(view.exchange.seconds)
        logger.info(f"Answered after {', '.join(f'{seconds:.3f} s' for seconds in took)}.")
        if took[-1] > limit:
            raise AssertionError(
                f"None of {_TRIES} views on a site that does nothing else was answered within {limit:g} s; the fastest "
                f"took {min(took):.3f} s."
            )

    @keyword(tags=("Capacity",), types=_OPTIONAL)
    def ask_for_views_at_once(
        self,
        amount: int,
        *,
        channels: ChannelRange | None = None,
        nfft: int | None = None,
        kind: Literal["live", "historic"] = "live",
        users: int | None = None,
    ) -> Burst:
        """Asks for ``amount`` views at the same time, whatever is answered, and returns the answers.

        Views are live, and of few channels, unless ``kind`` and ``channels`` say otherwise; historic ones play five
        recorded minutes. As many users ask as it takes for so many views, or only so many ``users``. The test is
        skipped where the site file has too few users for so many views, or where the first views are removed before the
        last are open.

        | ${burst} =    Ask For Views At Once    30    channels=1-3
        | Share Of Accepted Views Should Be At Least    ${burst}    90
        """
        demands.at_least(1, amount=amount)
        window = recorded(_PLAYED_S) if kind == "historic" else None
        request = view_request(ViewType.MultiChannel, channels=channels or FEW_CHANNELS, nfft=nfft, window=window)
        windows = site().limits.max_windows
        burst = many_views.ask_at_once(
            _clients(users or many_views.users_needed(amount, windows)), request, amount, windows
        )
        log_fold(str(burst), many_views.table([burst]))
        return _remove_at_end(burst)

    @keyword(tags=("Capacity",))
    def fill_the_site(self, *steps: int) -> Burst:
        """Opens live views, in steps up to so many, as long as all of a step are accepted, and leaves them open; then
        asks for one more. Returns all answers; a table of the steps is in the log.

        | ${burst} =    Fill The Site    5    10    20    30    ${SITE_DATA.limits.capacity}
        | Number Of Open Views Should Be At Least    ${burst}    ${SITE_DATA.limits.capacity}
        """
        if not steps or list(steps) != sorted(set(steps)) or steps[0] < 1:
            raise BenchError(f"Steps are numbers of views that grow, from 1 on, not {', '.join(map(str, steps))}.")
        windows = site().limits.max_windows
        clients = _clients(many_views.users_needed(steps[-1] + 1, windows))
        request = view_request(ViewType.MultiChannel, channels=FEW_CHANNELS)
        bursts: list[Burst] = []
        for before, level in zip((0, *steps), (*steps, steps[-1] + 1), strict=True):
            bursts.append(many_views.ask_at_once(clients, request, level - before, windows, before))
            if bursts[-1].refused:
                break
        log_fold(f"{sum(len(burst.accepted) for burst in bursts)} views in steps", many_views.table(bursts))
        asked = [one for burst in bursts for one in burst.asked]
        return _remove_at_end(Burst(request, asked, bursts[0].begun))

    @keyword(tags=("Capacity",))
    def views_should_not_be_idle_yet(self, burst: Burst) -> None:
        """Skips the test when the views were asked for so long ago that the first may be removed, since nobody reads
        them: then it cannot be said how many are open. That comes of a short ``idle_job_s`` or a busy machine.

        | Views Should Not Be Idle Yet    ${burst}
        """
        age, idle = time.monotonic() - burst.begun, site().timings.idle_job_s
        if age > idle * _SAFELY_OPEN:
            raise SkipExecution(
                f"The views were asked for {age:.1f} s ago, and this site removes those that nobody reads after "
                f"{idle:g} s: how many are open now is not known."
            )

    @keyword(tags=("Capacity", "Assertion"))
    def share_of_accepted_views_should_be_at_least(self, burst: Burst, percent: float) -> None:
        """Fails when less than so many percent of the views were accepted; names the other answers.

        | Share Of Accepted Views Should Be At Least    ${burst}    90
        """
        demands.percentage(percent=percent)
        many_views.check_accepted(burst, percent)

    @keyword(tags=("Capacity", "Assertion"))
    def number_of_open_views_should_be_at_least(self, burst: Burst, views: int) -> None:
        """Fails when fewer than so many views were accepted; names what was answered instead.

        | Number Of Open Views Should Be At Least    ${burst}    ${SITE_DATA.limits.capacity}
        """
        demands.at_least(1, views=views)
        many_views.check_open(burst, views)

    @keyword(tags=("Capacity", "Assertion"))
    def every_refusal_should_be_clean(self, burst: Burst) -> None:
        """Checks each answer that is no 200: 429 for a client's windows or 503 for the site's capacity, with a reason
        that says so, when to come back, and nothing internal.

        | Every Refusal Should Be Clean    ${burst}
        """
        logger.info(f"{len(burst.refused)} refusals.")
        found = [problem for answer in burst.refused for problem in many_views.refusal_problems(answer)]
        fail_with(f"{len(burst.refused)} views were refused, and not all as they should", found)

    @keyword(tags=("Capacity", "Assertion"))
    def some_views_should_have_been_refused(self, burst: Burst) -> None:
        """Fails when every view was accepted. Skips the test, like `Views Should Not Be Idle Yet`, when the first may
        have been removed before the last was asked for.

        | Some Views Should Have Been Refused    ${burst}
        """
        if not burst.refused:
            self.views_should_not_be_idle_yet(burst)
            limits = site().limits
            raise AssertionError(
                f"All of {len(burst.asked)} views were accepted; a client may have {limits.max_windows}, the site "
                f"{limits.capacity}."
            )

    @keyword(tags=("Capacity", "Assertion"))
    def share_of_running_views_should_be_at_least(self, burst: Burst, percent: float) -> None:
        """Waits, at most ``job_running_s``, until so many percent of the views that were asked for have had a Running
        pod: one that nobody reads may be removed before the last one runs.

        | Share Of Running Views Should Be At Least    ${burst}    80
        """
        demands.percentage(percent=percent)
        cluster, prefix = clients.cluster(), site().job_prefix
        names = {f"{prefix}{job_id}" for _, job_id in burst.accepted}
        wanted = percent / 100 * len(burst.asked)
        ran: set[str] = set()

        def running() -> bool:
            pods = [pod for pod in cluster.pods() if pod.labels.get("job-name") in names]
            ran.update(pod.name for pod in pods if pod.phase == "Running")
            if len(ran) < wanted:
                waiting = "; ".join(str(pod) for pod in pods if pod.phase != "Running")
                raise NotYet(f"{len(ran)} run, {waiting or 'the others have no pod'}")
            return True

        what = f"{percent:g} % of {len(burst.asked)} views run"
        wait_until(what, running, timeout=site().timings.job_running_s, interval=0.5)

    @keyword(tags=("Capacity", "kubernetes"))
    def list_jobs_of_views(self) -> frozenset[str]:
        """The names of the jobs of all views, for `Only Accepted Views Should Have Got Jobs`.

        | ${before} =    List Jobs Of Views
        """
        return frozenset(job.name for job in clients.cluster().jobs(site().job_prefix))

    @keyword(tags=("Capacity", "kubernetes", "Assertion"))
    def only_accepted_views_should_have_got_jobs(self, burst: Burst, before: Names) -> None:
        """Fails when there is a job of a view that was not there ``before`` and that no accepted view was answered.

        | Only Accepted Views Should Have Got Jobs    ${burst}    ${before}
        """
        own = {f"{site().job_prefix}{job_id}" for _, job_id in burst.accepted}
        fail_with("Views that were refused left jobs", sorted(self.list_jobs_of_views() - before - own))

    @keyword(tags=("Capacity", "Assertion"))
    def ports_should_be_apart(self, burst: Burst) -> Ports:
        """Checks that no two of the accepted views were answered the same stream port; returns the ports, in order.

        | ${ports} =    Ports Should Be Apart    ${burst}
        """
        ports = burst.ports
        if not ports:
            raise AssertionError(f"{burst}: no port was given out that could be checked.")
        shared = sorted({port for port in ports if ports.count(port) > 1})
        fail_with("Views share a port", [f"port {port} was answered {ports.count(port)} times" for port in shared])
        return Ports(ports)

    @keyword(tags=("Capacity", "Assertion"))
    def freed_ports_should_be_used_again(self, burst: Burst, ports: Ports) -> None:
        """Checks that no accepted view has a port above all of ``ports``, which as many views had that are closed: the
        lowest free slot is given out first.

        | Freed Ports Should Be Used Again    ${burst}    ${ports}
        """
        demands.some("port of a closed view", ports)
        new = [port for port in self.ports_should_be_apart(burst) if port > max(ports)]
        although = f"although views up to port {max(ports)} were closed"
        fail_with(
            "Ports that were free again were not used", [f"port {port} was given out, {although}" for port in new]
        )


def _remove_at_end(burst: Burst) -> Burst:
    """Has all views removed at the same time; what is left then is removed one by one, as any view."""

    def remove() -> None:
        if not burst.closed:
            with suppress(BenchError):
                closing.remove_at_once(burst.accepted)

    cleanup.current().add(str(burst), remove)
    return burst


def clients_of_users(number: int) -> list[FocusClient]:
    """Clients of so many users, this lane's first. Skips the test where the site has too few of the same role."""
    place = site()
    first = site_data.lane_user()
    users = [first, *(user for user in place.users if user.role == first.role and user != first)]
    if number > len(users):
        raise SkipExecution(
            f"Site {place.name} has {len(users)} users of role {first.role} with {place.limits.max_windows} views "
            f"each; this many views need {number} users."
        )
    return [client(), *(clients.focus_client(place, user) for user in users[1:number])]


def _clients(number: int) -> list[FocusClient]:
    """As above. Skips the test, too, where views that nobody reads would be removed before the last one is open."""
    found, place = clients_of_users(number), site()
    windows = place.limits.max_windows
    if number > 1 and number * windows * _SECONDS_A_VIEW > place.timings.idle_job_s:
        raise SkipExecution(
            f"Site {place.name} removes a view that nobody reads after {place.timings.idle_job_s:g} s: the first views "
            f"would be gone before {number * windows} are open."
        )
    return found
