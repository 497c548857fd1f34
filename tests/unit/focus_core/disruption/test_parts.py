"""Parts of faults without a site: signals on the node, whose data may be changed, answers during an outage, gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.waiting import WaitTimeout
from focus_core.disruption import node_processes
from focus_core.disruption.cluster_changes import ClusterChanges, TargetPod
from focus_core.disruption.outage import Measured, Outage
from focus_core.disruption.outage_answers import ViewOpener, problems_of_unavailable
from focus_core.disruption.watch import Timeline
from focus_core.mongodb.client import MongoSite
from focus_core.node import shell as node_shell
from focus_core.rabbitmq.client import RabbitClient
from focus_core.run import pictures
from focus_core.server.client import Exchange
from focus_core.site.model import Workload
from focus_keywords.disruption.recording import RecorderMark, RecordingThroughOutages

POD = TargetPod("mongodb-1", "uid", "worker-node", "process://4711", True, False, 0)
GOOD = Exchange(
    "POST",
    "http://here/configure",
    "{}",
    503,
    {"Content-Type": "application/json", "Retry-After": "10"},
    '{"error": "MongoDB does not answer: try again later."}',
    0.5,
)


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Commands that were given to the node; it answers that every process is stopped."""
    commands: list[str] = []

    def run(_site: object, command: str) -> str:
        commands.append(command)
        return "Tl\nT\n"

    monkeypatch.setattr(node_shell, "run", run)
    return commands


def test_a_container_that_is_a_process_group_is_signalled_as_one(commands: list[str]) -> None:
    node_processes.signal(SimpleNamespace(), POD, "STOP")  # type: ignore[arg-type]
    assert commands == ["kill -STOP -- -4711"]
    assert node_processes.is_stopped(SimpleNamespace(), POD)  # type: ignore[arg-type]


@pytest.mark.parametrize("runtime", ["containerd", "cri-o", "docker"])
def test_the_processes_of_a_container_are_found_by_their_control_group(commands: list[str], runtime: str) -> None:
    pod = replace(POD, container_id=f"{runtime}://0123abcd")
    node_processes.signal(SimpleNamespace(), pod, "KILL")  # type: ignore[arg-type]
    (command,) = commands
    assert command.startswith("pids=$(grep -ls -- 0123abcd /proc/[0-9]*/cgroup")
    assert "sudo -n kill -KILL $pids" in command


@pytest.mark.parametrize("identifier", ["", "containerd://", "containerd://a; reboot", "4711"])
def test_an_id_that_is_none_never_reaches_the_node(commands: list[str], identifier: str) -> None:
    with pytest.raises(BenchError, match="runs no container now"):
        node_processes.signal(SimpleNamespace(), replace(POD, container_id=identifier), "KILL")  # type: ignore[arg-type]
    assert commands == []


def test_only_documents_of_this_run_are_written() -> None:
    mongo = MongoSite(host="127.0.0.1", port=9, database="prisma", timeout=0.1)
    with pytest.raises(BenchError, match="on collection base_paths was refused"):
        mongo.write_own("base_paths", [{"base_path": "/"}])
    with pytest.raises(BenchError, match="'drop' on collection base_paths was refused"):
        mongo.drop_own_collection("base_paths", "20261122-110000-ab12")
    with pytest.raises(BenchError, match="no run is named"):
        mongo.drop_own_collection("base_paths", "")
    mongo.close()


@pytest.mark.parametrize("run", ["", "20261122-110000-ab12"])
def test_only_queues_of_a_run_are_deleted(run: str) -> None:
    rabbit = RabbitClient(host="127.0.0.1", port=9, management_url="http://127.0.0.1:9", username="u", password="p")
    with pytest.raises(BenchError, match="Queue 'recorder_input' is not one of run"):
        rabbit.delete_own_queue("recorder_input", run)


def test_a_selector_that_finds_a_pod_of_another_workload_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    def pod(name: str) -> Any:
        metadata = SimpleNamespace(name=name, uid=name, creation_timestamp=1, deletion_timestamp=None)
        status = SimpleNamespace(container_statuses=None, conditions=None)
        return SimpleNamespace(metadata=metadata, status=status, spec=SimpleNamespace(node_name=None))

    cluster = ClusterChanges(kubeconfig="none", context=None, namespace="panda")
    found = SimpleNamespace(items=[pod("mongodb-1"), pod("webapp-1")])
    monkeypatch.setattr(ClusterChanges, "core", SimpleNamespace(list_namespaced_pod=lambda *_, **__: found))
    with pytest.raises(BenchError, match="finds webapp-1, which is not a pod of Deployment mongodb"):
        cluster.pods_of(Workload(kind="Deployment", name="mongodb", selector="site=all"))
    with pytest.raises(BenchError, match="would isolate the whole namespace"):
        cluster.isolate("cut", {})


def test_a_good_503_has_no_problems() -> None:
    assert problems_of_unavailable(GOOD, "mongodb", 5) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": 200}, "answered 200 instead of 503"),
        ({"status": 500}, "answered 500 instead of 503"),
        ({"seconds": 15.4}, "it took 15.4 s instead of at most 5 s"),
        ({"headers": {"Content-Type": "application/json"}}, "its Retry-After is ''"),
        ({"headers": {"Content-Type": "application/json", "Retry-After": "0"}}, "its Retry-After is '0'"),
        ({"body": '{"error": "The database is away just now."}'}, "does not speak of 'MongoDB'"),
        ({"body": '{"error": "MongoDB"}'}, "does not say what is wrong"),
    ],
)
def test_what_is_wrong_with_an_answer_during_an_outage(change: dict[str, Any], expected: str) -> None:
    assert any(expected in problem for problem in problems_of_unavailable(replace(GOOD, **change), "MongoDB", 5))


def test_views_opened_during_a_fault_are_judged_one_by_one() -> None:
    opened = replace(GOOD, status=200, body='{"job_id": "1-2"}')
    opener = ViewOpener(SimpleNamespace(), {}, [opened, GOOD], 0)  # type: ignore[arg-type]
    assert opener.problems("MongoDB", 5, may_break=False) == []
    opener.answers.append(replace(GOOD, status=502))
    opener.broken = 1
    assert opener.problems("MongoDB", 5, may_break=True) == []
    problems = opener.problems("MongoDB", 5, may_break=False)
    assert [text for text in problems if "instead of 503" in text]
    assert "1 requests were not answered at all" in problems
    opener.answers.append(replace(opened, body="{}"))
    assert any("has no job_id" in text for text in opener.problems("MongoDB", 5, may_break=True))


def test_what_was_measured_in_one_sentence() -> None:
    times = Timeline(0.5, 3.0, 3.5, 3.0, 9, 4, "refused")
    measured = Measured("deleted pod", "mongodb", times, 5, 1)
    assert measured.sentence == (
        "deleted pod of mongodb: clients saw errors for 3.0 s, pod ready after 3.0 s, 1 of 5 acknowledged lost"
    )
    assert measured.seconds_lost == 8.0
    unseen = replace(times, first_error_s=None, pod_ready_s=None, first_success_s=None, error_window_s=0.0, failed=0)
    assert Measured("killed process", "webapp", unseen, None, None).sentence == (
        "killed process of webapp: no client saw an error"
    )


def test_what_recovered_too_slowly_is_reported() -> None:
    times = Timeline(0.5, 3.0, 3.5, 3.0, 9, 4, "refused")
    assert Measured("deleted pod", "mongodb", times, 5, 0).delays(3.0, 0.5) == []
    late = Measured("deleted pod", "mongodb", times, 5, 0).delays(2.0, 0.4)
    assert late == [
        "mongodb: its pod was ready after 3.0 s instead of at most 2 s",
        "mongodb: the first client was served 0.5 s after its pod was ready, instead of at most 0.4 s",
    ]


def test_recoveries_are_drawn_below_each_other(tmp_path: Path) -> None:
    times = Timeline(0.5, 3.0, 3.5, 3.0, 9, 4, "refused")
    unseen = replace(times, first_error_s=None, pod_ready_s=None, first_success_s=None, error_window_s=0.0, failed=0)
    rows = [
        Measured("deleted pod", "mongodb", times, 5, 0).row,
        Measured("deleted pod", "webapp", unseen, None, None).row,
    ]
    assert [row.name for row in rows] == ["mongodb, 0 of 5 writes lost", "webapp"]
    assert rows[0].moments == {"fault": 0.0, "first error": 0.5, "pod ready": 3.0, "first success": 3.5}
    pictures.draw_recoveries(tmp_path / "recoveries.png", rows)
    assert (tmp_path / "recoveries.png").read_bytes().startswith(b"\x89PNG")


def test_a_fault_that_is_not_made_to_an_unsteady_site_is_over() -> None:
    def never(*_: Any) -> Any:
        raise WaitTimeout("The site is in its steady state: waited 10 s")

    fault: Any = SimpleNamespace(kind="deleted pod", name="mongodb")
    outage = Outage(SimpleNamespace(), fault, SimpleNamespace(wait_until_steady=never), never)  # type: ignore[arg-type]
    with pytest.raises(BenchError, match="is made to a site that is not in its steady state"):
        outage.begin()
    assert outage.over


START = datetime(2026, 11, 22, 10, 0)


def recording(begin: float, end: float | None) -> dict[str, Any]:
    return {
        "start_time": START + timedelta(seconds=begin),
        "end_time": None if end is None else START + timedelta(seconds=end),
    }


@pytest.mark.parametrize(
    ("recordings", "expected"),
    [
        ([recording(0, 60), recording(60, None)], ""),
        ([recording(0, 60), recording(64, None)], ""),
        ([recording(0, 60), recording(66, None)], "Nothing was recorded for 6.0 s"),
        ([recording(0, 60), recording(63, 70), recording(73, None)], "Nothing was recorded for 3.0 s, 3.0 s"),
        ([recording(-60, -40), recording(0, 60), recording(60.9, None)], ""),
    ],
)
def test_gaps_between_recordings(
    monkeypatch: pytest.MonkeyPatch, recordings: list[dict[str, Any]], expected: str
) -> None:
    monkeypatch.setattr(RecordingThroughOutages, "_recordings_since", lambda _self, _begun: recordings)
    look = RecordingThroughOutages().recording_should_have_one_gap_at_most_since
    if expected:
        with pytest.raises(AssertionError, match=expected):
            look(RecorderMark(START + timedelta(seconds=30), frozenset()), seconds=5)
    else:
        look(RecorderMark(START + timedelta(seconds=30), frozenset()), seconds=5)


def test_a_recorder_that_has_begun_nothing_new_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    live = {**recording(0, None), "uuid": "one"}
    monkeypatch.setattr(RecordingThroughOutages, "_recordings_since", lambda _self, _begun: [live, recording(-60, 0)])
    budget = SimpleNamespace(timings=SimpleNamespace(reconnected_s=0.1))
    monkeypatch.setattr("focus_keywords.disruption.recording.site", lambda: budget)
    with pytest.raises(AssertionError, match="1 live recordings, 0 of them new"):
        RecordingThroughOutages().recording_should_go_on_since(RecorderMark(START, frozenset({"one"})))
    RecordingThroughOutages().recording_should_go_on_since(RecorderMark(START, frozenset({"another"})))
