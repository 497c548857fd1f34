"""A publishing that is killed between any two steps loses nothing and doubles nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import xray_publisher
from support.fake_xray import FakeXray
from support.xray_publisher import PLACES, Steps
from support.xray_runs import a_run, a_test, attempt, in_folder

from pipeline.paths import ROOT
from pipeline.results.model import Verdict
from pipeline.xray import settings
from pipeline.xray.publishing import Source, flush, publish
from pipeline.xray.spool import Spool

BAD = attempt(Verdict.FAILED, "no frames came", evidence=("small.log", "large.png"))
KEYS = ("PZ-90001", "PZ-90002", "PZ-90003")
MOST_STEPS = 150


class Killed(BaseException):
    """Stands for the signal: nothing but a context manager's end runs after it."""


def stop() -> None:
    raise Killed


@contextmanager
def stopped_at(step: int) -> Iterator[Steps]:
    """Everything that leaves a trace is a step; the wanted one never returns."""
    steps = Steps(step, stop)
    with pytest.MonkeyPatch.context() as patch:
        for place, name in PLACES:
            patch.setattr(place, name, steps.around(getattr(place, name)))
        yield steps


def a_source(folder: Path) -> Source:
    source = in_folder(a_run(a_test("T", KEYS[0], BAD), a_test("U", KEYS[1]), a_test("V", KEYS[2])), folder)
    (folder / "small.log").write_text("a line\n", encoding="utf-8")
    (folder / "large.png").write_bytes(b"x" * 100_000)
    return source


def check(fake: FakeXray, folder: Path) -> None:
    """Everything arrived, once."""
    (execution,) = fake.executions.values()
    assert tuple(sorted(execution["runs"])) == KEYS
    assert sorted(one["filename"][:5] for one in execution["runs"][KEYS[0]]["evidence"]) == ["large", "small"]
    assert json.loads((folder / "run.json").read_text())["execution"] == execution["key"]
    assert (folder / "summary.md").read_text().count("Xray execution: ") == 1
    assert Spool(settings.load().state_folder).entries() == []


def killed_everywhere(prepare: Callable[[int], tuple[FakeXray, Source]], tmp_path: Path, stride: int) -> int:
    """Kill a publishing at each `stride`th step, go on as a user would, and check; returns the number of steps."""
    for step in range(1, MOST_STEPS, stride):
        fake, source = prepare(step)
        with stopped_at(step) as steps:
            try:
                publish(source, sleep=fake.advance)
            except Killed:
                pass
            else:
                assert steps.count < step
                return steps.count
        flush(sleep=fake.advance)
        publish(source, sleep=fake.advance)
        check(fake, tmp_path / f"run{step}")
    raise AssertionError(f"more than {MOST_STEPS} steps")


@pytest.fixture
def fresh(fake: FakeXray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], tuple[FakeXray, Source]]:
    """An empty Xray, state and run for each step."""

    def make(step: int) -> tuple[FakeXray, Source]:
        fake.executions.clear()
        fake.attachments.clear()
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / f"state{step}"))
        monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / f"state{step}"))
        return fake, a_source(tmp_path / f"run{step}")

    return make


@pytest.mark.parametrize("stride", [3, pytest.param(1, marks=pytest.mark.nightly)])
def test_a_first_publishing_killed_at_any_step_loses_and_doubles_nothing(
    fresh: Callable[[int], tuple[FakeXray, Source]], tmp_path: Path, stride: int
) -> None:
    assert killed_everywhere(fresh, tmp_path, stride) > 30


@pytest.mark.nightly
def test_an_update_killed_at_any_step_keeps_the_defects_that_people_linked(
    fresh: Callable[[int], tuple[FakeXray, Source]], tmp_path: Path
) -> None:
    def published_before(step: int) -> tuple[FakeXray, Source]:
        fake, source = fresh(step)
        early = in_folder(a_run(a_test("T", KEYS[0]), a_test("U", KEYS[1])), tmp_path / f"early{step}")
        publish(early, sleep=fake.advance)
        fake.runs()[KEYS[0]]["defects"].append("10077")
        return fake, source

    def linked(step: int) -> tuple[FakeXray, Source]:
        if step > 1:
            assert before[0].runs()[KEYS[0]]["defects"] == ["10077"]
        before[:] = [published_before(step)[0]]
        return before[0], a_source(tmp_path / f"run{step}")

    before: list[FakeXray] = []
    assert killed_everywhere(linked, tmp_path, 1) > 30


@pytest.mark.nightly
def test_a_program_killed_by_a_signal_at_any_step_loses_and_doubles_nothing(
    fresh: Callable[[int], tuple[FakeXray, Source]], tmp_path: Path
) -> None:
    for step in range(1, MOST_STEPS):
        fake, source = fresh(step)
        folder = tmp_path / f"run{step}"
        command = [sys.executable, str(xray_publisher.__file__), str(folder), fake.url, str(step)]
        code = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False).returncode
        if code == 0:
            assert step > 30
            return
        assert code == -signal.SIGKILL
        flush(sleep=fake.advance)
        publish(source, sleep=fake.advance)
        check(fake, folder)
    raise AssertionError(f"more than {MOST_STEPS} steps")
