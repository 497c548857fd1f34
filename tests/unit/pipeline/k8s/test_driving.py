"""A run on a cluster whose answers are given: what is asked in which order, and what people are shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from pipeline.ci import plan as plans
from pipeline.ci.packing import PlannedTest
from pipeline.ci.plan import Plan
from pipeline.errors import RunError
from pipeline.k8s import driving, manifests, state
from pipeline.k8s.kubectl import Cluster, NoAnswerError, NotThereError
from pipeline.k8s.submitted import Submitted

SHARDS, LAST = "focus-r-shards", "focus-r-last"
OVER = [{"type": "Complete", "status": "True", "message": "all done"}]
BROKEN = [{"type": "Failed", "status": "True", "message": "it took too long"}]


def job(name: str, *, suspend: bool = False, **status: Any) -> dict[str, Any]:
    return {"kind": "Job", "metadata": {"name": name}, "spec": {"suspend": suspend}, "status": status}


@dataclass(frozen=True)
class Answers(Cluster):
    """`given`: what the cluster has at each look; `logs` by pod; `asked` collects the rest."""

    given: list[Any] = field(default_factory=list)
    logs: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def objects(self, *_args: str) -> list[dict[str, Any]]:
        now = self.given.pop(0) if len(self.given) > 1 else self.given[0]
        if isinstance(now, Exception):
            raise now
        return list(now)

    def ask(self, *args: str, **_options: object) -> str:
        if args[0] == "logs":
            return self.logs[args[1]]
        if args[0] == "get":
            raise NotThereError("not there")
        self.asked.append(" ".join(args))
        return ""


@pytest.fixture
def plan() -> Plan:
    """Two shards side by side and one alone."""
    tests = [PlannedTest(f"suites/{name}.robot", 2, name, f"{name}.{name}", ()) for name in ("one", "two")]
    alone = PlannedTest("suites/alone.robot", 2, "alone", "Alone.alone", ("exclusive",))
    return Plan("r", "suites", "abc", "Suites", (), ("suites",), plans.cut([*tests, alone], {}, 2))


def follow(cluster: Answers, plan: Plan) -> list[state.PhaseState]:
    clock = iter(range(10_000))
    return driving.follow(Submitted("r", cluster, "real", ""), plan, lambda _s: None, lambda: float(next(clock)))


def test_the_last_phase_begins_when_the_others_have_ended(plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = Answers("", "", "n", [
        [job(SHARDS, completedIndexes="0"), job(LAST, suspend=True)],
        [job(SHARDS, completedIndexes="0", failedIndexes="1", conditions=BROKEN), job(LAST, suspend=True)],
        [job(SHARDS, completedIndexes="0", conditions=BROKEN), job(LAST)],
        [job(SHARDS, completedIndexes="0", conditions=BROKEN), job(LAST, completedIndexes="0", conditions=OVER)],
    ])  # fmt: skip
    phases = follow(cluster, plan)
    assert cluster.asked == [f'patch job/{LAST} --type=merge --patch={{"spec":{{"suspend":false}}}}']
    assert [one.ended for one in phases] == ["it took too long", "all done"]
    lines = [line.split("  ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "1 done, 2 waiting | alone: 3 waiting",
        "1 done, 2 failed | alone: 3 waiting",
        "1 done, 2 failed | alone: 3 done",
    ]


def test_a_phase_that_was_submitted_and_never_begun_begins(plan: Plan) -> None:
    cluster = Answers("", "", "n", [[job(SHARDS, suspend=True), job(LAST, suspend=True)], []])
    assert [one.ended for one in follow(cluster, plan)] == ["it is not in the cluster"] * 2
    assert cluster.asked == [f'patch job/{SHARDS} --type=merge --patch={{"spec":{{"suspend":false}}}}']


def test_an_api_that_is_away_for_a_moment_is_asked_again(plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    away = NoAnswerError("The cluster does not answer.")
    cluster = Answers("", "", "n", [[job(SHARDS), job(LAST, suspend=True)], away, away, []])
    assert not any(one.there for one in follow(cluster, plan))
    assert capsys.readouterr().err.count("It is asked again.") == 2


def test_an_api_that_stays_away_ends_the_command(plan: Plan) -> None:
    with pytest.raises(NoAnswerError):
        follow(Answers("", "", "n", [NoAnswerError("The cluster does not answer.")]), plan)


def test_a_shard_that_failed_for_good_is_reported_with_its_last_words(
    plan: Plan, capsys: pytest.CaptureFixture[str]
) -> None:
    pod = {
        "kind": "Pod",
        "metadata": {
            "name": "p-1",
            "creationTimestamp": "2026-11-30T22:00:00Z",
            "labels": {state.JOB_NAME: SHARDS},
            "annotations": {state.INDEX: "1"},
        },
    }
    failed = [job(SHARDS, completedIndexes="0", failedIndexes="1", conditions=BROKEN), pod]
    cluster = Answers("", "", "n", [failed], {"p-1": "run.py: NAME is not set.\n"})
    run = Submitted("r", cluster, "real", "")
    driving.report_failures(run, driving.look(run, plan))
    assert capsys.readouterr().err.splitlines() == [
        "run.py: Shard 2 has failed for good: NAME is not set.",
        "run.py: Shard 3 has failed for good: it is not in the cluster",
    ]


def test_a_cluster_without_what_runs_need_is_refused_with_the_command_that_makes_it() -> None:
    made = manifests.render("real")
    with pytest.raises(
        RunError, match=r"no serviceaccount/focus-acceptance: .* 'python run.py k8s setup --overlay real'"
    ):
        driving.check_set_up(Answers("", "", "n"), made, "real")


@pytest.mark.parametrize(
    ("complaint", "kind", "words"),
    [
        ("Unable to connect to the server: dial tcp: i/o timeout", NoAnswerError, "check that it runs"),
        ('Error from server (NotFound): jobs.batch "x" not found', NotThereError, "check --context and --namespace"),
        ("Error from server (Forbidden): jobs.batch is forbidden", RunError, "the rights of deploy/base/runner-role"),
        ("", RunError, "it gave no reason"),
    ],
)
def test_what_kubectl_complains_of_is_one_sentence(complaint: str, kind: type[RunError], words: str) -> None:
    error = Cluster("", "prod", "n").refused(f"some warning\n{complaint}\n" if complaint else "", ("get",))
    assert type(error) is kind
    assert words in str(error)
    assert str(error).startswith("The cluster of context prod ")
    assert str(error).count("\n") == 0
