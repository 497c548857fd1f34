"""Options of a run: a dry run that is marked as one, a tier with tags, and what is written where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.checkout import Checkout, folder_of

SUITE = """\
*** Test Cases ***
Both
    [Tags]    smoke    alerts
    Log    {logged}    level=ERROR

Smoke Only
    [Tags]    smoke
    No Operation

Alerts Only
    [Tags]    alerts
    No Operation
"""
# Options that shape the run or its files, all at once.
MANY = [
    *("--name", "Top", "--doc", "d", "--metadata", "a:b", "--settag", "t", "--loglevel", "DEBUG", "--splitlog"),
    *("--legacyoutput", "--suitestatlevel", "2", "--tagstatlink", "a:b:c", "--removekeywords", "passed"),
    *("--report", "sub/my.html", "--log", "my", "--xunit", "units.xml", "--processes", "all", "--verbose"),
    *("--artifacts", "txt,notimestamps", "--testlevelsplit", "--randomize", "all", "--nodryrun", "--statusrc"),
]


@pytest.fixture
def suite(tmp_path: Path) -> str:
    path = tmp_path / "tags.robot"
    path.write_text(SUITE.format(logged="a line of my own"))
    return str(path)


def test_a_dry_run_of_a_tier_and_a_tag_is_marked_as_one(here: Checkout, site: str, suite: str) -> None:
    ended = here.run("smoke", "--dryrun", "--include", "alerts", "--site", site, suite)
    assert ended.code == 0, ended.err
    assert "DRY RUN, no test ran: 1 of 3 tests, by --include alerts --exclude 'NOT smoke'" in ended.out
    folder = folder_of(ended.out)
    for name in ("report.html", "log.html", "summary.md"):
        assert "DRY RUN" in (folder / name).read_text(encoding="utf-8"), name
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["dry_run"], [test["name"] for test in metrics["tests"]]) == (True, ["Both"])


@pytest.mark.nightly
def test_a_run_writes_and_names_the_files_that_its_options_say(here: Checkout, site: str, suite: str) -> None:
    ended = here.run("suites", *MANY, "--site", site, suite)
    assert ended.code == 0, ended.out + ended.err
    assert "3 passed" in ended.out
    folder = folder_of(ended.out)
    shown = [line.split(maxsplit=1)[1] for line in ended.out.splitlines() if line.startswith(("report:", "log:"))]
    assert [Path(path).resolve() for path in shown] == [folder / "sub" / "my.html", folder / "my.html"]
    assert (folder / "units.xml").is_file()


@pytest.mark.nightly
@pytest.mark.parametrize("options", [["--log", "NONE", "--report", "NONE"], ["--rpa", "--task", "Both"]], ids=str)
def test_other_options_that_change_the_files(here: Checkout, site: str, suite: str, options: list[str]) -> None:
    ended = here.run("suites", *options, "--site", site, suite)
    assert ended.code == 0, ended.out + ended.err
    assert ("report:" in ended.out) == ("NONE" not in options)


@pytest.mark.nightly
def test_a_file_that_is_skipped_as_a_whole_proves_nothing(here: Checkout, site: str, tmp_path: Path) -> None:
    (tmp_path / "skipped.robot").write_text("*** Test Cases ***\nIt\n    Skip    This site has no such thing.\n")
    ended = here.run("try", "--site", site, str(tmp_path / "skipped.robot"))
    assert ended.code == 252
    assert ended.sentence.startswith("run.py: No test passed, so this run proves nothing")
