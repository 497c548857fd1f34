"""From the files that a run's loads leave to the verdicts, and back to more runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from focus_core.load.plan import Phase
from focus_core.load.times import Times
from support import load_files

from pipeline import command_line, paths
from pipeline.baseline import checking, measured, store
from pipeline.baseline.entries import Entry, Figure
from pipeline.baseline.machine import this_machine
from pipeline.ci import gates
from pipeline.commands import baseline
from pipeline.errors import RunError
from pipeline.results import compared
from pipeline.results.output_xml import ResultsError
from pipeline.run import folders

USUAL = (100, 102, 99, 101, 98, 100, 101, 99, 102, 98, 100)


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (paths, folders):
        monkeypatch.setattr(module, "RESULTS", tmp_path)
    monkeypatch.delenv(measured.CONFIRMS, raising=False)
    monkeypatch.delenv(store.VARIABLE, raising=False)
    return tmp_path


def run_ended(run_id: str, p95_ms: float, number: int = 1) -> list[str]:
    """What the summary of a run gets."""
    run, folder = load_files.loaded(run_id, p95_ms, number)
    return [*checking.note(run, folder), *checking.after_run(folder)]


def usual_runs() -> None:
    """Earlier runs of the same load, as they were kept."""
    plan, name = measured.digest(load_files.PLAN, 1), f"{load_files.TEST}: channels"
    runs = [
        Entry(name, f"run-{number}", f"2026-11-30T{number:02}:00:00", {"p95": Figure(value, "ms")}, plan=plan)
        for number, value in enumerate(USUAL, 1)
    ]
    store.keep("staging", this_machine(), runs)


def command(*words: str) -> int:
    return baseline.main(command_line.parse(["baseline", *words]))


def test_a_slow_run_is_named_in_its_summary_and_decided_by_four_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usual_runs()
    sentences = run_ended("slow", 130, 20)
    assert len(sentences) == 1
    assert sentences[0].startswith("Channels [Fast]: channels, p95: inconclusive: 130")
    assert sentences[0].endswith("in 11 good runs: 4 more runs will decide.")
    started = []

    def start(command: list[str], *, env: dict[str, str], **_: object) -> object:
        monkeypatch.setenv(measured.CONFIRMS, env[measured.CONFIRMS])
        started.append(command)
        run_ended(f"again-{len(started)}", 128 + len(started), 20 + len(started))
        monkeypatch.delenv(measured.CONFIRMS)
        return type("Done", (), {"returncode": 1})

    monkeypatch.setattr(checking.subprocess, "run", start)
    assert command("check", "slow") == 0
    assert not started
    assert command("check", "slow", "--repeat") == 1
    assert len(started) == 4
    assert started[0][1:] == [*("run.py", "suites", "--site", "staging", "--test", "Channels [[]Fast]", "suites")]
    assert "regressed     Channels [Fast]: channels, p95: " in capsys.readouterr().out
    assert command("check", "slow", "--repeat") == 1
    assert len(started) == 4
    found = compared.read(paths.RESULTS / "runs" / "slow")
    assert [(one.verdict, one.is_bad, one.is_open) for one in found] == [("regressed", True, False)]


def test_accepting_asks_for_a_regression_a_reason_and_a_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usual_runs()
    who = ("--reason", "TLS is on now", "--by", "Noa")
    with pytest.raises(RunError, match="is not regressed in p95, so there is nothing to accept"):
        command("accept", "channels", *who)
    run_ended("slow", 130, 20)
    monkeypatch.setenv(measured.CONFIRMS, "slow")
    for number in range(4):
        run_ended(f"again-{number}", 130 + number, 21 + number)
    monkeypatch.delenv(measured.CONFIRMS)
    assert run_ended("later", 131, 30) == [
        "Channels [Fast]: channels, p95: regressed: 131 ms, +31 % against 100 ms in 11 good runs, as since run slow."
    ]
    with pytest.raises(RunError, match="--reason is empty"):
        command("accept", "channels", "--reason", " ", "--by", "Noa")
    with pytest.raises(RunError, match="the following arguments are required: --by"):
        command("accept", "channels", "--reason", "TLS is on now")
    assert command("accept", "CHANN", *who) == 0
    with pytest.raises(RunError, match="nothing to accept"):
        command("accept", "channels", *who)
    assert run_ended("after", 131, 31) == []
    assert command("history", "channels", "--csv", str(paths.RESULTS / "table.csv")) == 0
    shown = capsys.readouterr().out
    assert "(accepted by Noa: TLS is on now)" in shown
    assert len((paths.RESULTS / "table.csv").read_text().splitlines()) == 1 + len(USUAL) + 1 + 4 + 2
    assert (store.folder() / "pictures" / "Channels_Fast_channels-p95.png").stat().st_size > 5000


def test_what_is_usual_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert command() == 0
    assert "No run has left figures yet" in capsys.readouterr().out
    usual_runs()
    assert command("show") == 0
    assert "channels, p95" in capsys.readouterr().out
    with pytest.raises(RunError, match="Nothing that is kept is named 'rows'"):
        command("history", "rows")
    with pytest.raises(RunError, match="has no figure 'p42': choose one of p95"):
        command("history", "channels", "--figure", "p42")


def test_figures_of_a_run_are_kept_once() -> None:
    run_ended("run-1", 100)
    for _ in range(2):
        assert command("check", "run-1") == 0
    lines = store.read(store.file_of("staging", this_machine()))
    assert len(lines) == 1
    assert lines[0].histogram  # type: ignore[union-attr]


def test_a_run_without_a_load_is_not_compared(capsys: pytest.CaptureFixture[str]) -> None:
    run, folder = load_files.a_run("run-1")
    assert checking.note(run, folder) == checking.after_run(folder) == []
    assert list(folder.iterdir()) == [folder / "run.json"]
    assert command("check", "run-1") == 0
    assert "made no load" in capsys.readouterr().out


def test_a_damaged_load_is_a_sentence_and_no_failure() -> None:
    run, folder = load_files.a_run("run-1")
    (folder / "load-1.json").write_text('{"test": "T"}')
    (sentence,) = checking.note(run, folder)
    assert sentence.startswith("The loads of this run are not compared: ")
    assert sentence.endswith("load-1.json is no load of a run (KeyError: 'plan'): remove it.")


def test_figures_are_in_milliseconds_with_the_limits_of_the_test() -> None:
    run, folder = load_files.a_run("run-1")
    load_files.write(folder, "channels", load_files.result(100), limits={"p95": 0.5})
    (entry,) = measured.of_run(run, folder)
    assert entry.figures["p95"].value == pytest.approx(100, rel=0.002)
    assert entry.figures["p95"].limit == 500
    assert entry.figures["rate"].value == 20
    assert (entry.time, entry.version, entry.errors) == ("2026-11-30T00:53:20+00:00", "abc", 0)


def test_a_late_generator_makes_a_load_invalid() -> None:
    run, folder = load_files.a_run("run-1")
    load_files.write(folder, "late", replace(load_files.result(100), late=Times.of_seconds([0.02] * 200)))
    load_files.write(folder, "stopped", replace(load_files.result(100), ended="critical", why="errors over 5 s"))
    late, stopped = measured.of_run(run, folder)
    assert late.invalid.startswith("The load is invalid: 1 % of the actions began 20")
    assert stopped.invalid == "The load ended early (critical): errors over 5 s."


def test_only_loads_alike_are_compared() -> None:
    plan = load_files.PLAN
    same = replace(plan, site="/elsewhere.yaml", urls={"focus": "http://127.0.0.1"}, start_at=5.0)
    assert measured.digest(same, 1) == measured.digest(plan, 1)
    others = [replace(plan, phases=(Phase(10, 21),)), replace(plan, users=("one",)), replace(plan, keep_alive=False)]
    assert len({measured.digest(other, 1) for other in (plan, *others)} | {measured.digest(plan, 4)}) == 5


def test_two_loads_of_one_name_are_told_apart() -> None:
    run, folder = load_files.a_run("run-1")
    for _ in range(3):
        load_files.write(folder, "channels", load_files.result(100))
    assert [entry.name for entry in measured.of_run(run, folder)] == [
        f"Channels [Fast]: channels{number}" for number in ("", " #2", " #3")
    ]


def test_parts_of_a_run_keep_the_machines_that_made_them(results: Path) -> None:
    run, whole = load_files.a_run("whole")
    parts = []
    for number in (1, 2):
        part = results / f"part-{number}"
        part.mkdir()
        load_files.write(part, f"load {number}", load_files.result(100))
        checking.note(run, part)
        measured.bring(part, number, whole)
        parts.append(part)
    file = whole / "measured_loads-2.json"
    data = json.loads(file.read_text())
    data["machine"]["cores"] += 1
    file.write_text(json.dumps(data))
    assert checking.after_run(whole) == []
    assert len(store.files("staging")) == 2
    with pytest.raises(RunError, match="were made on another machine"):
        command("check", "whole", "--repeat")


def test_the_gate_is_red_for_what_is_worse_and_green_for_what_is_open(results: Path) -> None:
    seen = type("Seen", (), {"folder": results})
    one = compared.Compared("channels", "p95", "regressed", "131 ms.", is_bad=True, is_open=False)
    compared.write([one], results)
    assert gates.baseline(seen) == gates.Judged(  # type: ignore[arg-type]
        "baseline", False, "1 figures of loads are worse: channels, p95: regressed: 131 ms."
    )
    compared.write([replace(one, verdict="inconclusive", is_bad=False, is_open=True)], results)
    judged = gates.baseline(seen)  # type: ignore[arg-type]
    assert judged.green
    assert "1 are suspicious" in judged.sentence
    (results / compared.NAME).write_text("{")
    with pytest.raises(ResultsError, match="baseline check' again"):
        gates.baseline(seen)  # type: ignore[arg-type]
