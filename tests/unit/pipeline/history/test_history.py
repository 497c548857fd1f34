"""The history of made runs: what it compares, what it calls flaky, and that it can be made anew at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import command_line, paths
from pipeline.commands import history
from pipeline.errors import RunError
from pipeline.history import after_run, database, queries
from pipeline.results import run_json
from pipeline.results.model import Attempt, Run, TestResult, Verdict
from pipeline.results.stamp import Stamp
from pipeline.run import folders

PASS, FAIL = Verdict.PASSED, Verdict.FAILED


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    monkeypatch.setattr(folders, "RESULTS", tmp_path)
    return tmp_path


def a_test(name: str, *verdicts: Verdict, start: str = "2026-11-22T11:00:00", seconds: float = 1.0) -> TestResult:
    attempts = tuple(
        Attempt(verdict, start, seconds, reason="view 7 is late" if verdict == FAIL else "", keywords=("Open",))
        for verdict in verdicts
    )
    return TestResult(name, f"Api.{name}", "Api", "suites/api.robot", 1, (), "", (), "api", attempts)


def a_run(number: int, *tests: TestResult, commit: str = "abc", **facts: object) -> Run:
    stamp = Stamp(f"run-{number:02}", "smoke", "staging", False, "0.1.0", commit, branch="main")
    start = f"2026-11-22T11:{number:02}:00"
    tests = tuple(replace(test, attempts=tuple(replace(one, start=start) for one in test.attempts)) for test in tests)
    return Run(replace(stamp, **facts), start, 10.0, tests)  # type: ignore[arg-type]


def keep(run: Run) -> Run:
    """As a run does at its end."""
    folder = paths.RESULTS / "runs" / run.stamp.run_id
    folder.mkdir(parents=True)
    run_json.write(run, folder / run_json.NAME)
    with database.opened() as connection:
        database.add(connection, run)
    return run


def test_a_run_is_compared_with_the_last_one_of_its_site_and_branch() -> None:
    keep(a_run(1, a_test("A", FAIL), a_test("B", FAIL), a_test("C", PASS)))
    keep(a_run(2, a_test("A", PASS), site="simulated"))
    keep(a_run(3, a_test("A", PASS), branch="other"))
    keep(a_run(4, a_test("Elsewhere", PASS)))
    keep(replace(a_run(5, a_test("A", PASS)), broken="A lane died."))
    now = a_run(9, a_test("A", FAIL), a_test("B", PASS), a_test("C", FAIL), a_test("D", FAIL))
    against, notes = after_run.after_run(now)
    assert against is not None
    assert str(against) == "failures against run run-01: 2 new, 1 still, 1 fixed"
    assert [test.name for test in against.new] == ["C", "D"]
    assert [test.name for test in against.fixed] == ["B"]
    assert notes == ["0 runs are kept (0 MB)"]


def test_latest_is_where_results_latest_leads_to_and_not_the_newest_of_the_history() -> None:
    for number in (1, 2):
        keep(a_run(number, a_test("A", PASS)))
        folders.make_latest(folders.Run(f"run-{number:02}", "smoke", "staging", "", [], [], []).save())
    with database.opened() as connection:
        assert queries.find(connection, "latest") == "run-02"
        folders.make_latest(folders.Run("run-03", "smoke", "staging", "", [], [], []).open())
        with pytest.raises(RunError, match="The newest run, run-03, was stopped"):
            queries.find(connection, "latest")
        folders.make_latest(folders.find("run-01"))
        assert queries.find(connection, "latest") == "run-01"


def test_a_dry_run_leaves_no_trace() -> None:
    assert after_run.after_run(a_run(1, a_test("A", PASS), dry_run=True)) == (None, [])
    assert not database.path().exists()


def content() -> list[list[object]]:
    """What the database holds, whatever numbers its rows have."""
    with database.opened() as connection:
        return [
            sorted(connection.execute("SELECT * FROM run")),
            sorted(
                connection.execute(
                    "SELECT run, test.id, attempt, decides, own, verdict, seconds, keyword, line FROM result "
                    "JOIN test ON test = test.number LEFT JOIN cluster ON cluster = cluster.number WHERE attempt = 1"
                )
            ),
        ]


def remove() -> None:
    database.path().unlink()


def overwrite() -> None:
    database.path().write_bytes(b"no database")


def cut() -> None:
    database.path().write_bytes(database.path().read_bytes()[:5000])


def make_old() -> None:
    connection = sqlite3.connect(database.path())
    connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize("damage", [remove, overwrite, cut, make_old])
def test_the_database_is_made_anew_when_it_is_gone_damaged_or_of_another_version(damage: Callable[[], None]) -> None:
    for number in range(3):
        keep(a_run(number, a_test("A", FAIL, PASS), a_test("B", FAIL)))
    before = content()
    assert len(before[1]) == 6
    damage()
    assert content() == before


def test_a_file_that_is_no_runs_is_named_and_the_others_are_read(results: Path) -> None:
    keep(a_run(1, a_test("A", PASS)))
    (results / "history").mkdir()
    (results / "history" / "odd.json").write_text("{}")
    count, refused = database.rebuild()
    assert count == 1
    assert ["odd.json" in sentence for sentence in refused] == [True]


def test_flaky_is_what_passed_and_failed_on_one_commit_of_one_site() -> None:
    keep(a_run(1, a_test("Flaky", FAIL), a_test("Repaired", FAIL), a_test("Twice", FAIL, PASS), a_test("Good", PASS)))
    keep(a_run(2, a_test("Flaky", PASS), a_test("Good", FAIL), commit="other"))
    keep(a_run(3, a_test("Flaky", PASS), a_test("Repaired", PASS), local_changes=True))
    keep(a_run(4, a_test("Good", FAIL), site="simulated"))
    with database.opened() as connection:
        assert [one.test for one in queries.flaky(connection, 9)] == ["suites/api.robot::Twice"]
    keep(a_run(5, a_test("Flaky", PASS)))
    with database.opened() as connection:
        found = queries.flaky(connection, 9)
    assert [(one.test[18:], one.passed, one.failed) for one in found] == [("Flaky", 1, 1), ("Twice", 1, 1)]


def test_an_attempt_taken_over_by_a_repetition_counts_where_it_was_made() -> None:
    keep(a_run(1, a_test("A", FAIL), commit="broken"))
    repeated = a_run(2, a_test("A", FAIL, PASS), commit="repaired")
    (test,) = repeated.tests
    first = replace(test.attempts[0], start="2026-11-22T11:01:00")
    keep(replace(repeated, tests=(replace(test, attempts=(first, test.attempts[1])),)))
    with database.opened() as connection:
        assert queries.flaky(connection, 9) == []


def test_a_test_is_as_slow_as_the_median_of_its_last_passes() -> None:
    for number in range(12):
        keep(a_run(number, a_test("A", PASS, seconds=100 if number < 2 else number), a_test("B", FAIL, seconds=50)))
    with database.opened() as connection:
        (slow,) = queries.slow(connection, 9)
    assert (slow.test, slow.seconds, slow.passes) == ("suites/api.robot::A", 6.5, 10)


def test_two_tests_of_one_name_are_kept_apart() -> None:
    keep(a_run(1, a_test("Same", PASS), a_test("Same", FAIL)))
    with database.opened() as connection:
        assert list(queries.verdicts(connection, "run-01").values()) == [PASS, FAIL]


def ask(*args: str) -> int:
    return history.main(command_line.parse(["history", *args]))


def test_the_command_shows_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    keep(a_run(1, a_test("A", FAIL), a_test("B", FAIL), a_test("C", PASS)))
    keep(a_run(2, a_test("A", FAIL), a_test("B", PASS)))
    assert ask() == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed[1:]] == ["run-02", "run-01"]
    ask("show", "run-01")
    assert "2 x Open: view <n> is late\n  suites/api.robot::A\n  suites/api.robot::B" in capsys.readouterr().out
    ask("compare", "run-01", "run-02")
    shown = capsys.readouterr().out
    assert "2 tests ended otherwise in run-02 than in run-01" in shown
    assert "failed -> passed     suites/api.robot::B" in shown
    ask("list", "--site", "nowhere")
    assert len(capsys.readouterr().out.splitlines()) == 1
    ask("flaky")
    ask("slow", "--limit", "1")
    assert "suites/api.robot::B (median of 1)" in capsys.readouterr().out


def test_long_names_do_not_run_into_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    names = {"run_id": "r" * 40, "command": "c" * 20, "site": "s" * 20, "branch": "feature/" + "b" * 20}
    keep(a_run(1, a_test("A", PASS), **names))
    ask()
    words = capsys.readouterr().out.splitlines()[1].split()
    assert words == ["r" * 40, "2026-11-22", "11:01", "c" * 20, "s" * 20, "feature/" + "b" * 20, *"10000"]


@pytest.mark.parametrize(("run", "reason"), [("run-0", "several runs begin so"), ("none", "no run has this id")])
def test_a_run_that_is_not_there_is_one_sentence(run: str, reason: str) -> None:
    keep(a_run(1, a_test("A", PASS)))
    keep(a_run(2, a_test("A", PASS)))
    with pytest.raises(RunError, match=reason):
        ask("show", run)


def test_a_history_that_cannot_be_written_costs_a_note_and_no_run() -> None:
    database.path().mkdir()
    (database.path() / "in the way").touch()
    against, notes = after_run.after_run(a_run(1, a_test("A", PASS)))
    assert against is None
    assert "not in the history" in notes[0]
    for question in ("list", "rebuild"):
        with pytest.raises((RunError, OSError), match=r"history\.db"):
            ask(question)


def test_a_failure_began_with_the_first_run_since_which_it_fails_on_its_site() -> None:
    keep(a_run(1, a_test("A", FAIL)))
    keep(a_run(2, a_test("A", PASS)))
    keep(a_run(3, a_test("A", FAIL)))
    keep(a_run(4, a_test("A", PASS), site="simulated"))
    keep(a_run(5, a_test("A", Verdict.SKIPPED)))
    keep(a_run(6, a_test("A", FAIL)))
    keep(a_run(7, a_test("A", PASS)))
    test = a_test("A", FAIL).id
    with database.opened() as connection:
        assert queries.failing_since(connection, test, "staging", "2026-11-22T11:06:00") == (
            "run-03",
            "2026-11-22T11:03:00",
        )
        assert queries.failing_since(connection, test, "staging", "2026-11-22T11:07:00") is None


def test_failures_of_one_cluster_are_found_in_all_runs() -> None:
    keep(a_run(1, a_test("A", FAIL), a_test("B", PASS)))
    keep(a_run(2, a_test("B", FAIL), site="lab"))
    with database.opened() as connection:
        found = queries.alike(connection, "Open", "view <n> is late", 5)
    assert found == [("suites/api.robot::B", "run-02", "lab"), ("suites/api.robot::A", "run-01", "staging")]
