"""Folders of runs and what leads to the newest."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run import folders as runs
from pipeline.run.chosen import ChosenTest


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(runs, "RESULTS", tmp_path)
    monkeypatch.delenv("FOCUS_RUN_ID", raising=False)
    return tmp_path


def make(name: str) -> runs.Run:
    tests = [ChosenTest("/suites/a.robot", 3, "One", "A.One")]
    return runs.Run(name, "smoke", "simulated", "/", ["--include", "x"], ["/suites"], tests).open()


def test_latest_follows_the_newest_run() -> None:
    for name in ("one", "two"):
        assert runs.make_latest(make(name)).name == "latest"
        assert runs.latest().id == name


def test_without_links_a_text_file_leads_to_the_newest(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_args: object, **_options: object) -> None:
        raise OSError("A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refused)
    run = make("one")
    assert runs.make_latest(run) == run.folder
    assert (results / "latest.txt").read_text().strip() == "runs/one"
    assert runs.latest() == run


def test_two_runs_never_share_a_folder() -> None:
    make("one")
    with pytest.raises(RunError, match="already a run one"):
        make("one")
    attempt = replace(make("two"), within="ci/two/shard-1/attempt-1").open()
    with pytest.raises(RunError, match="taken ci/two/shard-1/attempt-1: let it end, then run the shard again"):
        attempt.open()


def test_without_an_earlier_run_the_first_command_is_named() -> None:
    with pytest.raises(RunError, match=r"run\.py smoke"):
        runs.latest()


def test_a_caller_may_set_an_id_that_can_name_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_RUN_ID", "jenkins-7")
    assert runs.new_id() == "jenkins-7"
    monkeypatch.setenv("FOCUS_RUN_ID", "../jenkins")
    with pytest.raises(RunError, match=r"^FOCUS_RUN_ID is '\.\./jenkins', which cannot name"):
        runs.new_id()


def test_attempts_of_one_ci_job_have_folders_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_RUN_ID", "jenkins-7")
    assert [make(runs.next_attempt_id()).id for _ in range(3)] == ["jenkins-7", "jenkins-7-2", "jenkins-7-3"]


def test_a_later_command_knows_what_the_run_was_worth() -> None:
    run = make("one")
    runs.make_latest(run)
    assert runs.latest().code is None
    judged = run.judged(252, "A lane died.", ["Error in file 'a.robot' on line 2: no"])
    assert runs.latest() == judged
    assert (judged.code, judged.broken, judged.tests) == (252, "A lane died.", run.tests)
