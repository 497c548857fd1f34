"""What a load is carried out with: its users, connections, runners, views, and what it has to remove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from focus_core.base import run_identity
from focus_core.base.errors import BenchError
from focus_core.load.actions import Runner, Sessions, SingleRequest
from focus_core.load.http1 import Address, Pool
from focus_core.load.open_jobs import CONFIGURE, JOB, OpenJobs
from focus_core.load.payloads import Payloads
from focus_core.load.plan import Action, FollowedAlerts, Plan, Publish, Request, Server
from focus_core.load.recorder import Recorder
from focus_core.load.users import Users
from focus_core.site import loader
from focus_core.site.model import Site

if TYPE_CHECKING:
    from focus_core.load.alert_follower import AlertFollower
    from focus_core.load.held_views import Held
    from focus_core.load.publishing import Publisher

_REMOVE = Request("DELETE", f"{JOB}$job_id", statuses=(200, 204, 404))


@dataclass(frozen=True)
class Parts:
    """All that works while a load lasts. ``removal`` makes the requests that remove a job."""

    users: Users
    recorder: Recorder
    jobs: OpenJobs
    pools: Mapping[Server, Pool]
    runners: Sequence[Runner]
    held: Held | None
    publisher: Publisher | None
    removal: Payloads | None
    site: Site | None = None
    follower: AlertFollower | None = None

    @property
    def under_way(self) -> int:
        """Actions that have begun and not ended."""
        return sum(runner.under_way for runner in self.runners)


def make(plan: Plan) -> Parts:
    """The parts of a load; nothing is connected. Raises ``BenchError`` for what the site does not have."""
    site = _site(plan)
    users = Users.of_site(site, plan.users) if site else Users()
    pools: dict[Server, Pool] = {}

    def watch() -> tuple[int, int]:
        return sum(pool.opened for pool in pools.values()), sum(pool.waiting for pool in pools.values())

    recorder = Recorder(plan.phases, plan.critical, watch)
    fixed = {
        "run": run_identity.run_id(),
        "site_id": site.webapp.site_id if site and "webapp" in site.capabilities else "",
    }

    def payloads(step: Request) -> Payloads:
        address = _pool(plan, site, pools, recorder, step.server).address
        return Payloads(step, address, users, fixed, keep_alive=plan.keep_alive)

    steps = [step for action in plan.actions for step in (*action.steps, *action.closing)]
    made = {step: payloads(step) for step in steps if isinstance(step, Request)}
    jobs = OpenJobs(users, site)
    publisher = _publisher(plan, site) if any(isinstance(step, Publish) for step in steps) else None
    follower = _follower(plan.alerts, site) if plan.alerts and site else None
    settled = follower.settle if follower else None

    def runner(action: Action) -> Runner:
        first = action.steps[0]
        single = len(action.steps) == 1 and not action.closing
        if single and isinstance(first, Request) and not first.until and not first.keeps:
            return SingleRequest(action, first, made[first], pools[first.server], recorder, jobs, settled)
        return Sessions(action, made, pools, recorder, jobs, publisher, settled)

    held = None
    if plan.views:
        # Imported here: a load without streams must not pay for gRPC.
        from focus_core.load.held_views import Held

        opening = payloads(Request("POST", CONFIGURE, plan.views.bodies))
        held = Held(plan.views, plan.share, opening, pools["focus"], users, jobs, recorder)
    removal = payloads(_REMOVE) if "focus" in pools else None
    runners = [runner(action) for action in plan.actions]
    return Parts(users, recorder, jobs, pools, runners, held, publisher, removal, site, follower)


def _site(plan: Plan) -> Site | None:
    if not plan.site:
        return None
    site = loader.load(plan.site)
    if site.proxy:
        raise BenchError(
            f"The site '{site.name}' is reached through a proxy, which a load would measure too; start it where the "
            "site is reached directly, with a site file without proxy."
        )
    return site


def _pool(plan: Plan, site: Site | None, pools: dict[Server, Pool], recorder: Recorder, server: Server) -> Pool:
    if server not in pools:
        pools[server] = Pool(
            _address(plan, site, server),
            most=plan.connections,
            timeout=plan.timeout_s,
            keep_alive=plan.keep_alive,
            connecting=recorder.connect.add,
        )
    return pools[server]


def _address(plan: Plan, site: Site | None, server: Server) -> Address:
    verify = site.tls.verify if site else True
    if server in plan.urls:
        return Address.of_url(plan.urls[server], verify)
    if site is None or server not in ("focus", "webapp"):
        raise BenchError(f"The plan of the load names no address of the server '{server}'; add it to its urls.")
    return Address.of_url(site.focus.url if server == "focus" else site.webapp.url, verify)


def _publisher(plan: Plan, site: Site | None) -> Publisher:
    # Imported here: a load without messages must not pay for pika.
    from focus_core.load.publishing import Publisher

    if site is None:
        raise BenchError("Messages need a site whose broker takes them; name it in the plan of the load.")
    return Publisher(site.rabbitmq, plan.timeout_s)


def _follower(followed: FollowedAlerts, site: Site) -> AlertFollower:
    # Imported here: a load without alerts must not pay for pika.
    from focus_core.load.alert_follower import AlertFollower

    if "rabbitmq" not in site.capabilities:
        raise BenchError(f"The site '{site.name}' names no broker, so that alerts cannot be followed; add rabbitmq.")
    return AlertFollower(followed, site.rabbitmq)
