"""The last check of a run, against a cluster of a few lines."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.checkout import wait_for
from support.loopback import Answer, free_port, http_server
from support.site_content import site_content

from pipeline.commands import rerun
from pipeline.errors import RunError
from pipeline.run import folders as runs
from pipeline.run.last_check import LastCheck

PODS = "GET /api/v1/namespaces/panda/pods"


def pods(**restarts: int) -> Answer:
    """A list of pods; each was restarted so often."""
    times = {"creationTimestamp": "2026-11-22T11:00:00Z"}
    items: list[dict[str, Any]] = [
        {
            "metadata": {"name": name, "labels": {}, **times},
            "spec": {"containers": [{"name": "main"}]},
            "status": {
                "phase": "Running",
                "containerStatuses": [
                    {"name": "main", "restartCount": count, "image": "i", "imageID": "i", "ready": True, "state": {}}
                ],
            },
        }
        for name, count in restarts.items()
    ]
    return Answer(200, {"items": items})


def site_file(port: int, folder: Path, **changes: Any) -> Path:
    path = folder / "site.yaml"
    path.write_text(yaml.safe_dump(site_content(port, folder) | changes), encoding="utf-8")
    return path


def test_what_was_restarted_during_the_run_is_named(tmp_path: Path) -> None:
    with http_server({PODS: pods(webapp=3, recorder=0)}) as server:
        check = LastCheck(site_file(int(server.url.rpartition(":")[2]), tmp_path), "run-1")
        wait_for("the counts", lambda: list((tmp_path / "state").glob("restarts-run-1.json")))
        server.answers[PODS] = pods(webapp=3, recorder=2)
        assert check.restarted() == ["recorder was restarted 2 times (ended with nothing)"]
    assert not list((tmp_path / "state").glob("restarts-*.json"))


def test_a_cluster_that_does_not_answer_is_named_and_fails_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert LastCheck(site_file(free_port(), tmp_path), "run-1").restarted() == []
    assert "Whether workloads were restarted is not known: " in capsys.readouterr().out


def test_a_site_without_a_cluster_has_nothing_to_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert LastCheck(site_file(free_port(), tmp_path, capabilities=["rest"]), "run-1").restarted() == []
    assert capsys.readouterr().out == ""


def test_a_rerun_does_not_forget_it(monkeypatch: pytest.MonkeyPatch) -> None:
    last = runs.Run("1", "smoke", "simulated", ".", [], [], [], code=1, restarted=["recorder was restarted 2 times"])
    monkeypatch.setattr(runs, "latest", lambda: last)
    monkeypatch.setattr(rerun, "unfinished", lambda _last: [])
    with pytest.raises(RunError, match=r"no fault of the tests explains it: recorder was restarted.*start it anew\."):
        rerun.main(argparse.Namespace())
