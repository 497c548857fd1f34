"""Keywords that put a load on the site."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.words import ChannelRange
from focus_core.load import action_data, policy, process, profile_files, showing, sources
from focus_core.load.figures import Load
from focus_core.load.plan import Action, Critical, HeldViews, Phase, Plan, request
from focus_core.load.result import Interval, Result
from focus_core.run import clients
from focus_core.site import data as site_data
from robot.api import logger
from robot.api.deco import keyword
from robot.libraries.BuiltIn import BuiltIn

ViewKind = Literal["live", "historic"]
# What a historic view plays that is to stay open: it plays faster than it was recorded.
_PLAYED_S = 3600.0
# To open views is not the load here.
_OPENED_AT_ONCE = 5
# Each is a process that wants a core of its own.
_MOST_GENERATORS = 16
# Of fewer actions 1 % is the slowest alone.
_FEW = 100
# Whoever watches sees a line every so many seconds.
_SHOWN_EVERY_S = 5
_TYPES: dict[str, Any] = {
    "call": str,
    "profile": str,
    "amount": int,
    "rate": float,
    "duration": timedelta,
    "users": int,
    "body": str,
    "views": int,
    "channels": ChannelRange,
    "window": timedelta,
    "kind": ViewKind,
    "status": int,
    "generators": int,
}


def _types(*names: str) -> dict[str, Any]:
    """As ``X | None`` in an annotation Robot would not say how X is written."""
    return {name: _TYPES[name] for name in names}


class AppliedLoad:
    """Loads that begin their requests when they are due, whatever became of those before."""

    @keyword(tags=("Load",), types=_types("call", "rate", "duration", "users", "body", "status", "views", "generators"))
    def apply_load(
        self,
        call: str,
        *,
        rate: float,
        duration: timedelta,
        users: int = 1,
        body: str | None = None,
        status: int = 200,
        views: int = 0,
        generators: int = 1,
    ) -> Load:
        """Sends a request ``rate`` times a second for so long and returns what became of it.

        ``call`` is a method and a path, ``body`` a JSON text that it carries; another ``status`` is an error. So many
        ``users`` take turns. With ``views`` so many live views are open all the while, and their frames are read; where
        one process is too slow for the rate, so many ``generators`` share it. A request begins when it is due, also
        while earlier ones are not answered, and its time counts from then: a server that stops is not overlooked. Only
        in suites tagged ``load``.

        | ${load} =    Apply Load    GET /channels    rate=20    duration=5 s    users=2
        | Get Load Figure    ${load}    p95    <    500 ms
        """
        demands.above_zero(rate=rate, duration=duration.total_seconds())
        demands.between(1, _MOST_GENERATORS, generators=generators)
        action = request(call, *([body] if body else []), status=status)
        phases = (Phase(duration.total_seconds(), rate),)
        return applied(call, phases, (action,), users, _held(views), generators=generators)

    @keyword(tags=("Load",), types=_types("profile", "views", "duration"))
    def apply_load_profile(self, profile: str, *, views: int = 0, duration: timedelta | None = None) -> Load:
        """Puts a load profile of ``variables/load`` on the site and returns what became of it.

        A profile says what is done how often by how many users. It lasts ``duration`` in all, or as long as its file
        says, shortened by the site's ``load.duration_scale``. With ``views`` so many live views are open all the while.

        | ${load} =    Apply Load Profile    spike
        | Get Load Figure    ${load}    success    >=    99 %
        """
        found = profile_files.read(profile)
        phases = profile_files.shortened(found.phases, site_data.site().load)
        if duration is not None:
            demands.above_zero(duration=duration.total_seconds())
            factor = duration.total_seconds() / sum(phase.seconds for phase in phases)
            phases = tuple(replace(phase, seconds=phase.seconds * factor) for phase in phases)
        logger.info(f"{found.name}: {found.sentence}")
        return applied(found.name, phases, found.actions(), found.users, _held(views), found.critical)

    @keyword(tags=("Load", "View"), types=_types("amount", "kind", "rate", "channels", "window", "users"))
    def apply_load_of_views(
        self,
        amount: int,
        *,
        kind: ViewKind = "live",
        rate: float = 1,
        channels: ChannelRange | None = None,
        window: timedelta | None = None,
        users: int = 2,
    ) -> Load:
        """Sends ``amount`` views on their whole way, ``rate`` of them a second, and returns what became of them.

        The way is: asked for (step ``configure``), connected to and read until its first frame (``frames``), asked for
        its metadata (``metadata``), closed (``close``). A historic one plays a ``window`` of ten seconds, or so long.

        | ${load} =    Apply Load Of Views    5    rate=2
        | Get Load Figure    ${load}    success    >=    95 %
        """
        demands.at_least(1, amount=amount)
        demands.above_zero(rate=rate)
        seconds = window.total_seconds() if window else 10
        action = action_data.of_view(kind, channels, window_s=seconds)
        return applied(f"{amount} {kind} views", (Phase(amount / rate, rate),), (action,), users, None)

    @keyword(tags=("Load", "Stream"), types=_types("amount", "duration", "kind", "channels", "window", "users"))
    def hold_views(
        self,
        amount: int,
        *,
        duration: timedelta,
        kind: ViewKind = "live",
        channels: ChannelRange | None = None,
        window: timedelta | None = None,
        users: int | None = None,
    ) -> Load:
        """Opens so many views of a row a second, reads all their streams for so long, closes them, and returns what
        came. A historic one plays a ``window`` of an hour, or so long.

        | ${load} =    Hold Views    5    duration=5 s
        | Get Load Figure    ${load}    gaps    ==    0
        """
        demands.at_least(1, amount=amount)
        demands.above_zero(duration=duration.total_seconds())
        needed = -(-amount // site_data.site().limits.max_windows)
        held = _held(amount, kind, channels, window.total_seconds() if window else _PLAYED_S)
        return applied(f"{amount} {kind} views open", (Phase(duration.total_seconds(), 0),), (), users or needed, held)


def _held(
    number: int, kind: ViewKind = "live", channels: ChannelRange | None = None, window_s: float = _PLAYED_S
) -> HeldViews | None:
    if not number:
        return None
    body = action_data.body_of(kind, channels, window_s)
    limit_s = site_data.site().timings.first_frame_s
    return HeldViews(number, (json.dumps(body),), at_once=_OPENED_AT_ONCE, first_frame_s=limit_s)


def applied(
    name: str,
    phases: Sequence[Phase],
    done: Sequence[Action],
    users: int,
    views: HeldViews | None,
    critical: tuple[Critical, ...] = (),
    generators: int = 1,
) -> Load:
    """Carries out a load of this lane's user and others, and shows it. Skips the test where the policy forbids it."""
    site = site_data.site()
    policy.check(site, BuiltIn().get_variable_value("${TEST_TAGS}") or [])
    plan = Plan(
        tuple(phases),
        tuple(done),
        views,
        site=site_data.site_name(),
        users=_users(users),
        timeout_s=site.focus.timeout,
        critical=critical,
    )
    before = _jobs_of_views()
    measured = sources.of_site(site)
    load = Load(name, plan, valid_once(lambda: process.carry_out(plan, _progress, measured, generators)))
    load = showing.show(load, BuiltIn().get_variable_value("${TEST_NAME}") or "")
    if load.result.why:
        logger.warn(f"The load ended before its time: {load.result.why}")
    left = _left(load, before)
    if left:
        logger.warn(f"The load left jobs that were not removed: {', '.join(left)}; python run.py sweep removes them.")
    return load


def valid_once(carry_out: Callable[[], Result]) -> Result:
    """What became of a load. One of few actions that is INVALID is carried out once more: one pause decides there."""
    result = carry_out()
    if result.asked < _FEW and (reasons := result.invalid()):
        logger.info(f"The load is repeated once, since it was INVALID: {' and '.join(reasons)}.")
        result = carry_out()
    return result


def _users(number: int) -> tuple[str, ...]:
    """This lane's user first, then others of the same role."""
    from focus_keywords.load import capacity

    if site_data.site().focus.auth == "none":
        return ()
    demands.at_least(1, users=number)
    capacity.clients_of_users(number)
    first = site_data.lane_user()
    others = [user.username for user in site_data.site().users if user.role == first.role and user != first]
    return (first.username, *others[: number - 1])


def _progress(second: Interval) -> None:
    """A line on the console, every few seconds, for who watches."""
    if int(second.at) % _SHOWN_EVERY_S == 0:
        p95 = "" if second.p95 is None else f", p95 {second.p95 * 1000:.0f} ms"
        frames = f", {second.frames} frames" if second.frames else ""
        counts = f"{second.asked} asked, {second.succeeded} succeeded, {second.failed} failed"
        logger.console(f"    second {second.at:.0f}: {counts}{p95}{frames}")


def _jobs_of_views() -> frozenset[str]:
    """The names of the jobs of views, none where there is no cluster to ask."""
    site = site_data.site()
    if "kubernetes" not in site.capabilities:
        return frozenset()
    return frozenset(job.name for job in clients.cluster().jobs(site.job_prefix))


def _left(load: Load, before: frozenset[str]) -> list[str]:
    """Removes in the cluster, where there is one, what the server did not remove; what is left then.

    Some servers remove no job at all (PZ-13670): nobody else has opened views since ``before``.
    """
    left = []
    for name in _jobs_of_views() - before:
        with suppress(BenchError):
            clients.cluster().delete_job(name)
            continue
        left.append(name)
    return sorted(left) if "kubernetes" in site_data.site().capabilities else list(load.result.left)
