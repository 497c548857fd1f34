"""`run.py xray`, and FOCUS_XRAY after a run: what is shown, the exit codes, and what stands in the run's folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from robot.run import run as robot
from support.fake_xray import FakeXray, Fault
from support.xray_runs import STAMP, a_run, a_test, in_folder, many

from pipeline import command_line
from pipeline.commands import xray
from pipeline.errors import BROKEN, RunError
from pipeline.run import lanes
from pipeline.run.folders import Run
from pipeline.xray import creating, mapping, write_back
from pipeline.xray.mapping import AutomatedTest

SUITE = """\
*** Test Cases ***
Good
    [Tags]    PZ-90001    api
    No Operation

Bad
    [Tags]    PZ-90002    api
    Fail    הצפי היה שלוש מסגרות

Local
    [Tags]    PZ-N901    api
    No Operation
"""


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The output.xml of a run on staging, with its pages."""
    folder = tmp_path / "run"
    (tmp_path / "suite.robot").write_text(SUITE, encoding="utf-8")
    options = STAMP.robot_options()
    metadata = [value for name, value in zip(options[::2], options[1::2], strict=True) if name == "--metadata"]
    robot(str(tmp_path / "suite.robot"), outputdir=str(folder), metadata=metadata, console="none")
    return folder / "output.xml"


def command(*args: str) -> int:
    return xray.main(command_line.parse(["xray", *args]))


def test_results_are_published_from_output_files(
    fake: FakeXray,
    created: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(creating, "PAUSE_S", 0.01)
    assert command("publish", str(output), "--create") == 0
    assert "published: PZ-5" in capsys.readouterr().out
    assert {key: run["status"] for key, run in fake.runs().items() if key.startswith("PZ-9")} == {
        "PZ-90001": "PASSED",
        "PZ-90002": "FAILED",
    }
    assert len(fake.runs()) == 3
    assert "הצפי היה שלוש מסגרות" in fake.runs()["PZ-90002"]["comment"]
    assert "PZ-N901: PZ-5" in created.read_text()


def test_without_create_no_test_is_made(fake: FakeXray, created: Path, output: Path) -> None:
    before = len(fake.tests)
    assert command("publish", str(output)) == 0
    assert len(fake.tests) == before
    assert "PZ-N" not in created.read_text()


def test_export_shows_what_would_be_sent_and_sends_nothing(
    fake: FakeXray, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("export", str(output)) == 0
    found = json.loads(capsys.readouterr().out)
    assert [test["testKey"] for test in found["tests"]] == ["PZ-90001", "PZ-90002"]
    assert found["info"]["xrayFields"] == {"testPlanKey": "PZ-14024", "environments": ["staging"]}
    assert fake.requests == []


def test_what_did_not_arrive_is_an_error_only_where_it_is_strict(
    fake: FakeXray, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.faults.append(Fault("multipart", 403, text="no right", times=2))
    assert command("publish", str(output)) == 0
    assert "no right" in capsys.readouterr().err
    assert command("publish", str(output), "--strict") == 1
    assert command("status") == 0
    assert "refused" in capsys.readouterr().out
    assert command("flush") == 1
    assert command("flush", "--again") == 0
    assert command("status") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 to be sent"


def test_pieces_of_several_runs_need_a_name(fake: FakeXray, output: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    other.write_text(output.read_text(encoding="utf-8").replace(STAMP.run_id, "another"), encoding="utf-8")
    with pytest.raises(RunError, match="--as NAME"):
        command("publish", str(output), str(other))
    assert command("publish", str(output), str(other), "--as", "nightly-7") == 0
    (execution,) = fake.executions.values()
    assert execution["labels"] == ["focus-run-nightly-7"]


@pytest.mark.parametrize("action", ["export", "publish"])
def test_a_file_that_is_no_result_is_named_and_nothing_is_made_of_it(
    fake: FakeXray, tmp_path: Path, action: str
) -> None:
    foreign = tmp_path / "notes.md"
    foreign.write_text("# no XML")
    for name in ([], ["--as", "nightly-7"]):
        with pytest.raises(RunError, match=r"notes\.md is cut off or no XML"):
            command(action, str(foreign), *name)
    assert fake.requests == []


def test_an_export_of_pieces_names_the_one_that_cannot_be_read(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / "cut.xml"
    cut.write_text(output.read_text(encoding="utf-8")[:500], encoding="utf-8")
    assert command("export", str(output), str(cut), "--as", "nightly-7") == 0
    shown = capsys.readouterr()
    assert "This run does not count: " in shown.err
    assert "cut.xml is cut off" in shown.err
    assert len(json.loads(shown.out)["tests"]) == 2


def test_map_is_a_table_json_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tests = [AutomatedTest("suites/a.robot::Good", "Good", ("PZ-8640",))]
    monkeypatch.setattr(mapping, "automated", lambda: tests)
    assert command("map", "--offline") == 0
    assert "in the plan, not automated: " in capsys.readouterr().out
    assert command("map", "--offline", "--json", "--strict") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["counts"]["key not found"] == 0
    assert (found["tests"], found["counts"]["in the plan, not automated"]) == (1, 533)
    tests.append(AutomatedTest("suites/a.robot::Unknown", "Unknown", ("PZ-1",)))
    assert command("map", "--offline") == 1
    assert "key not found: 1\n  PZ-1  suites/a.robot::Unknown" in capsys.readouterr().out


def test_the_key_is_written_into_report_and_log(output: Path) -> None:
    folder = output.parent
    before = output.read_bytes()
    write_back.write(folder, "PZ-50001")
    for page in ("report.html", "log.html"):
        assert "PZ-50001" in (folder / page).read_text(encoding="utf-8")
    assert output.read_bytes() == before


@pytest.mark.parametrize(
    ("variable", "works", "code", "words"),
    [
        ("", True, 0, ""),
        ("on", True, 0, "xray: PZ-5"),
        ("on", False, 0, "did not reach Xray"),
        ("strict", False, BROKEN, "did not reach Xray"),
        ("yes", True, 0, "on, strict or off is known"),
    ],
)
def test_a_run_publishes_by_itself_and_a_failed_upload_is_red_only_where_it_is_strict(
    fake: FakeXray,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
    works: bool,
    code: int,
    words: str,
) -> None:
    monkeypatch.setenv("FOCUS_XRAY", variable)
    monkeypatch.setattr("pipeline.run.folders.RESULTS", tmp_path)
    if not works:
        fake.faults.append(Fault("multipart", 400))
    current = Run("20261122-110000-ab12", "smoke", "staging", "", [], [], [])
    result = in_folder(a_run(*many(2)), current.folder).run
    assert lanes.published(current, result, 0) == code
    shown = capsys.readouterr()
    assert words in shown.out + shown.err
    assert bool(fake.requests) == (variable in ("on", "strict"))


def test_a_failed_run_stays_failed_whatever_happens_to_its_results(
    fake: FakeXray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOCUS_XRAY", "strict")
    monkeypatch.setattr("pipeline.run.folders.RESULTS", tmp_path)
    fake.faults.append(Fault("multipart", 400))
    current = Run("20261122-110000-ab12", "smoke", "staging", "", [], [], [])
    assert lanes.published(current, in_folder(a_run(a_test("T", "PZ-90001")), current.folder).run, 3) == 3
