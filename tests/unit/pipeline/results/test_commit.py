"""The commit in a report is this checkout's, whoever owns it and whatever git a hook works on."""

import subprocess
from pathlib import Path

import pytest

from pipeline.results import stamp


@pytest.fixture
def commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(stamp, "ROOT", tmp_path)
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first", "--allow-empty"]):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words]
        subprocess.run(command, cwd=tmp_path, check=True)
    done = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=tmp_path, capture_output=True, check=True)
    return done.stdout.decode().strip()


def made() -> str:
    return stamp.make("r", "smoke", "staging", simulated=False).commit


def test_a_checkout_of_another_user_has_its_commit(commit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert subprocess.run(["git", "status"], cwd=stamp.ROOT, capture_output=True, check=False).returncode != 0
    assert made() == commit


def test_a_run_from_a_hook_of_another_repository_names_this_ones_commit(
    commit: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    subprocess.run(["git", "init", "-q", other], check=True)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert made() == commit


def test_without_a_repository_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamp, "ROOT", tmp_path)
    assert made() == "unknown (no git, or not a git checkout)"
