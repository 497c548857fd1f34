"""The load driver against a whole site: logins, TLS, sessions, alerts by both ways, held views, what the site uses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from focus_core.base.run_identity import unique
from focus_core.load import alert_actions, process, sources
from focus_core.load.plan import Action, HeldViews, Phase, Plan, Publish, ReadFrames, Request, Until, request
from focus_core.load.result import Result
from focus_core.run.sweep import sweep
from focus_core.site import loader
from focus_core.webapp.client import WebAppClient
from support.focus_views import Views
from support.site_commands import Site

from pipeline.measure import alerts_publish

VIEW = json.dumps(
    {
        "nfftSelection": 1024,
        "displayInfo": {"height": 10},
        "channels": {"min": 1, "max": 3},
        "view_type": 0,
        "start_time": None,
        "end_time": None,
        "displayTimeAxisDuration": 10,
        "frequencyRange": {"min": 0, "max": 500},
    }
)
PUSH = json.dumps({"alertsAmount": 1, "dofM": 1500, "classId": 104, "severity": 1, "alertIds": ["load-$run-$number"]})
MESSAGE = json.dumps({"alert_id": "load-$run-$number", "class_id": 104, "severity": 1, "distance_m": 1500})
SESSION = Action(
    (
        Request("POST", "/configure", (VIEW,), keeps=("job_id", "stream_url", "stream_port")),
        Request("GET", "/ack/$job_id", until=Until("status", "running")),
        Request("GET", "/metadata/$job_id"),
        ReadFrames(1),
    ),
    "session",
    closing=(Request("DELETE", "/job/$job_id", statuses=(200, 204)),),
)
ALERTS = (
    Action((Request("POST", "/$site_id/api/push-to-rabbit", (PUSH,), server="webapp", statuses=(201,)),), "push"),
    Action((Publish("Algorithm.AlertReport", (MESSAGE,)),), "publish"),
    Action((Publish("no.queue.wants.this", ("{}",)),), "unrouted"),
)


@pytest.fixture
def file(simulated_site: Site) -> str:
    return str(Path(simulated_site["state_dir"]) / "site.yaml")


def carry_out(file: str, *actions: Action, rate: float = 3, views: HeldViews | None = None) -> Result:
    plan = Plan((Phase(1, rate),), actions, views, site=file, users=("lane0", "lane1"))
    return process.carry_out(plan, sources=sources.of_site(loader.load(file)))


def test_sessions_and_alerts_pass_and_leave_nothing(file: str, views: Views) -> None:
    result = carry_out(file, SESSION, *ALERTS, rate=8)
    assert (result.asked, result.left, result.ended) == (8, (), "")
    assert {one.name: (one.succeeded, dict(one.errors)) for one in result.actions} == {
        "session": (2, {}),
        "push": (2, {}),
        "publish": (2, {}),
        "unrouted": (0, {"not routed": 2}),
    }
    assert {step.name: step.succeeded for step in result.action("session").steps} == {
        "POST /configure": 2,
        "GET /ack/$job_id": 2,
        "GET /metadata/$job_id": 2,
        "frames": 2,
        "DELETE /job/$job_id": 2,
    }
    assert result.connect.count >= 2
    assert (views.configure().status_code, result.unsampled) == (200, ())
    used = {series.name: series for series in result.resources}
    assert {"CPU of focus server", "memory of mongodb", "messages in all queues", "connections to MongoDB"} <= set(used)
    assert used["memory of rabbitmq"].highest > 1 << 20
    assert used["disk of focus server"].unit == "%"


@pytest.mark.nightly
@pytest.mark.parametrize(("by", "per_request"), [("web app", 3), ("broker", 1)])
def test_alerts_are_followed_to_the_exchange(file: str, by: str, per_request: int) -> None:
    prefix = unique("load")
    actions = tuple(
        alert_actions.of_kind(kind, prefix, by, per_request=per_request) for kind in ("SC low", "SD medium", "SD high")
    )
    followed = alert_actions.followed(prefix, actions, 5, per_request)
    plan = Plan((Phase(1, 12),), actions, alerts=followed, site=file, users=("lane0", "lane1"))
    found = process.carry_out(plan).alerts
    assert found
    sent = 12 * per_request
    assert (found.sent, found.confirmed, found.arrived, found.arrival.count) == (sent, sent, sent, sent)
    assert (found.lost, found.doubled, found.misordered, found.wrong) == (0, 0, 0, 0)
    assert (found.problems, found.broken) == ((), "")
    site = loader.load(file)
    webapp = WebAppClient.of_site(site, site.users[0], liveness_check=None)
    ids = [entry["ext_id"] for entry in webapp.alerts() if entry["ext_id"].startswith(prefix)]
    assert len(ids) == sent
    webapp.delete_alerts(ids)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("switch", "counts"),
    [
        ("alerts-lost", {"lost"}),
        ("alerts-unpublished", {"lost"}),
        ("alerts-misrouted", {"lost"}),
        ("alert-ids-cut", set()),
        ("alerts-published-twice", {"doubled"}),
        ("alerts-reversed", {"misordered"}),
        ("alert-severity-lowered", {"wrong"}),
    ],
)
def test_what_became_of_alerts_is_counted(
    file: str, defect: Callable[..., None], switch: str, counts: set[str]
) -> None:
    defect(switch)
    prefix = unique("load")
    actions = tuple(alert_actions.of_kind(kind, prefix, per_request=10) for kind in ("SC medium", "SD high"))
    followed = alert_actions.followed(prefix, actions, 1, 10)
    found = process.carry_out(Plan((Phase(1, 12),), actions, alerts=followed, site=file, users=("lane0",))).alerts
    assert found
    assert {name for name in ("lost", "doubled", "misordered", "wrong") if getattr(found, name)} == counts


@pytest.mark.nightly
@pytest.mark.parametrize("publish", [alerts_publish.own_publisher, alerts_publish.bare_pika])
def test_messages_are_published_to_compare_the_rates(
    file: str, publish: alerts_publish.Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts_publish, "MESSAGES", 300)
    assert alerts_publish.rate(loader.load(file).rabbitmq, publish) > 0


@pytest.mark.nightly
def test_jobs_of_a_load_that_was_killed_are_removed_by_whoever_comes_next(file: str, simulated_site: Site) -> None:
    plan = Plan((Phase(60, 1),), (request("POST /configure", VIEW),), site=file, users=("lane1",))
    with subprocess.Popen(process.command(), stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as load:
        assert load.stdin
        assert load.stderr
        load.stdin.write(f"{plan.to_json()}\n")
        load.stdin.flush()
        shown = (json.loads(line) for line in load.stderr)
        next(interval for interval in shown if interval["succeeded"])
        load.kill()
    (sentence,) = sweep(loader.load(file))
    assert "of lane1, left by run" in sentence
    assert "Removed what a killed run left: jobs " in sentence
    owner = Views(simulated_site, user=1)
    jobs = sentence.partition("jobs ")[2].partition(" of ")[0].split(", ")
    assert {owner.get(f"/ack/{job}").status_code for job in jobs} == {404}


@pytest.mark.nightly
def test_held_views_give_frames_to_the_end_and_are_removed(file: str) -> None:
    result = carry_out(file, views=HeldViews(2, (VIEW,)), rate=0)
    assert result.views
    assert (len(result.views.views), result.views.silent, result.views.refused, result.left) == (2, [], {}, ())
    assert {view.user for view in result.views.views} == {"lane0", "lane1"}
    assert {view.streams for view in result.views.views} == {3}
    assert (result.views.gaps, result.views.reconnects) == (0, 0)
    assert result.views.row_age.count == result.views.frames
    assert result.asked == 0
