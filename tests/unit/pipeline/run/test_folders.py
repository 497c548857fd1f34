"""Folders of runs and what leads to the newest."""

from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run import folders as runs


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(runs, "RESULTS", tmp_path)
    monkeypatch.delenv("FOCUS_RUN_ID", raising=False)
    return tmp_path


def make(name: str) -> runs.Run:
    return runs.Run(name, "smoke", "simulated", ["/suites"]).open()


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


def test_without_an_earlier_run_the_first_command_is_named() -> None:
    with pytest.raises(RunError, match=r"run\.py smoke"):
        runs.latest()


def test_a_caller_may_set_an_id_that_can_name_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_RUN_ID", "jenkins-7")
    assert runs.new_id() == "jenkins-7"
    monkeypatch.setenv("FOCUS_RUN_ID", "../jenkins")
    with pytest.raises(RunError, match=r"^FOCUS_RUN_ID is '\.\./jenkins', which cannot name"):
        runs.new_id()
