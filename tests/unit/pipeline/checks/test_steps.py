"""The scheduler behind run.py test."""

import sys
from pathlib import Path

import pytest

from pipeline.checks.steps import Counts, Step, read_counts, run_all

PYTEST = '<testsuites><testsuite tests="5" failures="1" errors="1" skipped="1"/></testsuites>'
ROBOT = (
    '<testsuite name="S" tests="4" failures="1" errors="0" skipped="1"><testsuite tests="4" failures="1"/></testsuite>'
)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.mark.parametrize(("xml", "counts"), [(PYTEST, Counts(2, 2, 1)), (ROBOT, Counts(2, 1, 1))])
def test_counts_come_from_the_xunit_file(tmp_path: Path, xml: str, counts: Counts) -> None:
    (tmp_path / "x.xml").write_text(xml)
    assert read_counts(tmp_path / "x.xml") == counts


def test_every_step_runs_and_a_failure_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = run_all(
        [Step("bad", python("print('the reason'); raise SystemExit(3)")), Step("good", python("print('quiet')"))]
    )
    shown = capsys.readouterr().out
    assert sorted(outcome.ok for outcome in outcomes) == [False, True]
    assert "| the reason" in shown
    assert "quiet" not in shown


def test_a_test_step_without_tests_fails(tmp_path: Path) -> None:
    (outcome,) = run_all([Step("empty", python(""), tmp_path / "none.xml")])
    assert not outcome.ok
    assert outcome.counts == Counts(failed=1)


def test_old_results_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(PYTEST)
    (outcome,) = run_all([Step("crashed", python("raise SystemExit(2)"), tmp_path / "x.xml")])
    assert outcome.counts == Counts(failed=1)


def test_steps_that_make_runs_are_never_at_once(tmp_path: Path) -> None:
    note = f"""
import time
from pathlib import Path
began = time.time(); time.sleep(0.3)
(Path({str(tmp_path)!r}) / NAME).write_text(f"{{began}} {{time.time()}}")
"""
    run_all([Step(name, python(note.replace("NAME", repr(name))), makes_runs=name != "b") for name in "abc"])
    times = {name: [float(part) for part in (tmp_path / name).read_text().split()] for name in "abc"}
    assert times["a"][1] <= times["c"][0]


def test_what_comes_after_a_step_is_run_when_it_fails_too(tmp_path: Path) -> None:
    done = tmp_path / "done"
    after = python(f"from pathlib import Path; Path({str(done)!r}).touch()")
    run_all([Step("bad", python("raise SystemExit(1)"), after=after)])
    assert done.exists()


def test_two_steps_run_at_once(tmp_path: Path) -> None:
    meeting = f"""
import sys, time
from pathlib import Path
mine, other = (Path({str(tmp_path)!r}) / name for name in sys.argv[1:])
mine.touch()
deadline = time.monotonic() + 60
while not other.exists() and time.monotonic() < deadline:
    time.sleep(0.02)
sys.exit(not other.exists())
"""
    outcomes = run_all([Step(mine, [*python(meeting), mine, other]) for mine, other in ("ab", "ba")])
    assert [outcome.ok for outcome in outcomes] == [True, True]
