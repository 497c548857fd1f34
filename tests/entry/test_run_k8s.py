"""Shards of real runs as pods of the simulated cluster."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support.checkout import ROOT, Checkout, Ended, OwnSite, interrupt, site_of_its_own, wait_for
from support.cluster_fixtures import KUBECTL

from pipeline.ci import plan as plans
from pipeline.k8s import manifests, shard
from pipeline.results import reading, run_json
from pipeline.results.model import Verdict

pytestmark = pytest.mark.nightly

NAMESPACE = "focus-acceptance"
# All pods share this machine: as many lanes as in a run without shards.
ONE_LANE = ("--processes", "1")
SELECTED = ("suites/preflight", "suites/alerts", "suites/connectivity", "suites/api")
INDEX = "batch.kubernetes.io/job-completion-index"
# Shard 2 ends before it has begun; what it would be called with follows as "$@".
NOTHING_OF_SHARD_2 = 'test "$JOB_COMPLETION_INDEX" = 1 && exit {code}; exec python -P -m pipeline.k8s.shard "$0" "$@"'


@pytest.fixture(scope="module", name="site")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    with site_of_its_own(tmp_path_factory.mktemp("k8s")) as site:
        yield site


def kubectl(site: OwnSite, *args: str) -> str:
    command = [str(KUBECTL), "--kubeconfig", str(site.state_dir / "kubeconfig"), "--namespace", NAMESPACE, *args]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def pods(site: OwnSite, run_id: str, *columns: str) -> list[list[str]]:
    """The pods of the shards of a run that the cluster still has, as these columns."""
    shown = ",".join(f"C{number}:{column}" for number, column in enumerate(columns))
    selector = f"{manifests.RUN}={manifests.name_of(run_id)}"
    listed = kubectl(site, "get", "pods", "--selector", selector, "--no-headers", "--output", f"custom-columns={shown}")
    return [line.split() for line in listed.splitlines()]


def attempts(site: OwnSite, run_id: str, number: int) -> list[Path]:
    """The folders of the attempts of a shard on the claim."""
    return sorted(site.state_dir.glob(f"volumes/*/ci/{run_id}/shard-{number}/attempt-*"))


def verdicts(run_id: str) -> dict[str, Verdict]:
    run = run_json.read(ROOT / "results" / "runs" / run_id / run_json.NAME)
    return {test.id: test.verdict for test in run.tests}


def run(here: Checkout, site: OwnSite, run_id: str, *args: str) -> Ended:
    command = ("k8s", "run", "--site", str(site.file), "--tier", "smoke", *ONE_LANE, *args)
    return here.run(*command, env={"FOCUS_RUN_ID": run_id})


def test_a_pod_that_is_killed_half_way_leaves_the_result_of_one_machine(
    here: Checkout, site: OwnSite, run_id: str
) -> None:
    whole = here.run("smoke", "--site", str(site.file), *SELECTED, env={"FOCUS_RUN_ID": f"{run_id}-whole"})
    assert whole.code == 0, whole.err

    command = ("k8s", "run", "--site", str(site.file), "--tier", "smoke", "--shards", "4", *ONE_LANE, *SELECTED)
    process = here.start(*command, env={"FOCUS_RUN_ID": run_id})
    wait_for("shard 2 at work", lambda: [one for one in attempts(site, run_id, 2) if (one / "pabot.log").exists()])
    wait_for("an ended test", lambda: _has_ended_test(attempts(site, run_id, 2)[0]))
    victim = next(name for name, index in pods(site, run_id, "metadata.name", _annotation(INDEX)) if index == "1")
    kubectl(site, "delete", "pod", victim)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, out + err
    assert "2 running (attempt 2)" in out

    assert verdicts(run_id) == verdicts(f"{run_id}-whole")
    folder = ROOT / "results" / "ci" / run_id / "shard-2"
    assert sorted(path.name for path in folder.iterdir()) == ["attempt-1", "attempt-2"]
    # SIGTERM left time for a whole file, which does not count: pabot gives each lane 5 s to write what it has.
    assert not reading.read_one(folder / "attempt-1" / "output.xml").broken
    assert not (folder / "attempt-1" / "DONE.json").exists()
    assert (folder / "attempt-2" / "DONE.json").exists()
    # What was brought is no longer on the claim; the logs are there until the Job goes.
    assert not attempts(site, run_id, 2)
    logs = here.run("k8s", "logs", run_id, "--shard", "2")
    assert logs.code == 0, logs.err
    assert "shard-2, attempt 2: done" in logs.out
    assert "shard-1" not in logs.out


def test_failed_tests_make_no_pod_run_again(here: Checkout, site: OwnSite, run_id: str) -> None:
    site.simulator("up")
    site.simulator("defect", "on", "health-missing")
    try:
        ended = run(here, site, run_id, "--shards", "2", "--no-stop-on-critical", *SELECTED)
    finally:
        site.simulator("defect", "off", "health-missing")
    assert ended.code == 1, ended.out + ended.err
    assert "RED    pass rate" in ended.out
    assert Verdict.FAILED in verdicts(run_id).values()
    shards = plans.read(ROOT / "results" / "ci" / run_id / plans.NAME).shards
    assert pods(site, run_id, "status.phase") == [["Succeeded"]] * len(shards)


@pytest.mark.parametrize(("code", "tries"), [(shard.BAD_DATA, 1), (3, 3)])
def test_a_shard_that_never_delivers_fails_the_run(
    here: Checkout, site: OwnSite, run_id: str, tmp_path: Path, code: int, tries: int
) -> None:
    container = {"name": "suites", "command": ["sh", "-c", NOTHING_OF_SHARD_2.format(code=code)]}
    patch = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "shards", "namespace": NAMESPACE}}
    patch |= {"spec": {"template": {"spec": {"containers": [container]}}}}
    base = os.path.relpath(ROOT / "deploy" / "overlays" / "simulated", tmp_path)
    overlay = {"resources": [base], "patches": [{"patch": yaml.safe_dump(patch)}]}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
    ended = run(here, site, run_id, "--shards", "2", "--overlay", str(tmp_path), *SELECTED)
    assert ended.code == 252
    assert "Shard 2 has failed for good: " in ended.err
    assert "Shard 2 delivered no whole result" in ended.err
    assert "RED    complete" in ended.out
    found = verdicts(run_id)
    assert Verdict.PASSED in found.values()
    assert Verdict.NOT_RUN in found.values()
    assert len([index for (index,) in pods(site, run_id, _annotation(INDEX)) if index == "1"]) == tries
    # What is there stays on the claim, for who looks for the reason.
    assert attempts(site, run_id, 1)


def test_the_account_of_runners_is_enough(here: Checkout, site: OwnSite, run_id: str, tmp_path: Path) -> None:
    made = here.run("k8s", "setup", "--site", str(site.file))
    assert made.code == 0, made.err
    config = yaml.safe_load((site.state_dir / "kubeconfig").read_text(encoding="utf-8"))
    config["users"][0]["user"] = {"token": kubectl(site, "create", "token", "focus-runner").strip()}
    config["contexts"][0]["name"] = "runner"
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(config), encoding="utf-8")
    environment = {"FOCUS_RUN_ID": run_id, "KUBECONFIG": str(tmp_path / "kubeconfig")}
    command = ("k8s", "run", "--site", str(site.file), "--context", "runner", "--shards", "2", "suites/preflight")
    ended = here.run(*command, env=environment)
    assert ended.code == 0, ended.out + ended.err
    logs = here.run("k8s", "logs", run_id, env=environment)
    assert "shard-1, attempt 1: done" in logs.out, logs.err
    # It can make nothing that outlives a run.
    refused = here.run("k8s", "setup", "--site", str(site.file), "--context", "runner", env=environment)
    assert refused.code == 252
    assert "the rights of deploy/base/runner-role.yaml" in refused.sentence


def test_ctrl_c_without_a_terminal_ends_the_run_on_the_cluster(here: Checkout, site: OwnSite, run_id: str) -> None:
    command = ("k8s", "run", "--site", str(site.file), "--tier", "smoke", "--shards", "2", *ONE_LANE, *SELECTED)
    process = here.start(*command, env={"FOCUS_RUN_ID": run_id})
    wait_for("a shard at work", lambda: attempts(site, run_id, 1))
    ended = interrupt(process)
    assert ended.code == 253, ended.err
    assert f"Run {run_id} ends; " in ended.out
    wait_for("the end of its pods", lambda: not pods(site, run_id, "metadata.name"))
    later = here.run("k8s", "collect", run_id)
    assert later.code == 252
    assert "RED    complete" in later.out


def _has_ended_test(attempt: Path) -> bool:
    return any(b"</test>" in path.read_bytes() for path in attempt.glob("pabot_results/**/output.xml"))


def _annotation(name: str) -> str:
    return "metadata.annotations." + name.replace(".", r"\.")
