"""The whole way of a regression run: four pieces, one interrupted, then Xray, coverage, history, bug report, replay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from support.checkout import ROOT, Checkout, interrupt, wait_for
from support.fake_xray import CLIENT_ID, CLIENT_SECRET, FakeXray
from support.site_commands import Site, running_site, switch
from support.xray_runs import a_run, a_test, attempt, settings_file

from pipeline.ci import plan as plans
from pipeline.ci.packing import PlannedTest
from pipeline.ci.plan import Plan, Shard
from pipeline.replay.again import comparable
from pipeline.results import run_json, stamp
from pipeline.results.model import Run, TestResult, Verdict

# A name that no other site has: the history of this checkout's own runs is none of this one's.
SITE = "whole-way"
REFUSED = "suites/alerts/refused.robot"
# Without the tests of the list of alerts, which would find what the defects let in.
SELECTED = ("--exclude", "slow", "suites/alerts/accepted.robot", REFUSED, "suites/data_quality")
NEW = f"{REFUSED}::An Unknown Class Is Refused"
STILL = f"{REFUSED}::A Missing Field Is Refused"
FIXED = f"{REFUSED}::An Id Of Another Form Is Refused"
REPAIRED = f"{REFUSED}::A Distance Before The Fibre Is Refused"
# The defects that these fail by; REPAIRED is the one whose defect is off in the second attempt.
DEFECTS = {NEW: "alert-class-accepted", STILL: "alert-fields-accepted", REPAIRED: "alert-dof-accepted"}
MADE = 20
# The last made run that counts on this branch: the two after it are of another branch, and broken.
LAST = MADE - 3
SINCE = 10
JIRA = re.compile(r"PZ-\d+")


@dataclass(frozen=True)
class Way:
    """The run on its way: who starts the commands, the site, and the plan of the pieces."""

    here: Checkout
    site: Site
    file: Path
    plan: Plan

    @property
    def id(self) -> str:
        return self.plan.run_id

    @property
    def folder(self) -> Path:
        return ROOT / "results" / "runs" / self.id

    @property
    def run(self) -> Run:
        return run_json.read(self.folder / run_json.NAME)

    def ask(self, *args: str, code: int = 0, env: Mapping[str, str] | None = None) -> str:
        """What a command printed on both channels; it has to end with `code`."""
        ended = self.here.run(*args, env=env)
        assert ended.code == code, ended.out + ended.err
        return ended.out + ended.err

    def of_shard(self, shard: Shard) -> tuple[str, ...]:
        return ("ci", "run", "--plan", self.plan_file, "--site", str(self.file), "--shard", str(shard.number))

    @property
    def plan_file(self) -> str:
        return str(self.plan.folder / plans.NAME)


@pytest.mark.nightly
def test_a_regression_run_goes_the_whole_way(here: Checkout, run_id: str, tmp_path: Path) -> None:
    with running_site(tmp_path / "state", "--time-scale", "0.1") as site, FakeXray().running() as fake:
        way = planned(here, site, run_id, tmp_path)
        fake.add_tests(*statuses(way.plan.tests, ()))
        make_history(way)
        run_pieces(way)
        xray = xray_environment(fake, tmp_path)
        interrupted_piece_is_not_run(way, fake, xray)
        whole_run_is_read(way)
        results_are_published_once(way, fake, xray)
        coverage_page_shows_the_results(way)
        history_shows_what_changed(way)
        bundle = bug_report_is_written(way)
    failure_is_replayed_without_the_site(way, bundle)


def planned(here: Checkout, site: Site, run_id: str, folder: Path) -> Way:
    file = folder / "site.yaml"
    file.write_text(yaml.safe_dump(site | {"name": SITE}, allow_unicode=True), encoding="utf-8")
    ended = here.run(
        "ci", "plan", "--shards", "3", "--tier", "regression", *SELECTED, env={"FOCUS_RUN_ID": run_id}
    )  # fmt: skip
    assert ended.code == 0, ended.err
    plan = plans.read(ROOT / "results" / "ci" / run_id / plans.NAME)
    assert [shard.last for shard in plan.shards] == [False, False, False, True]
    assert {*DEFECTS, FIXED} <= {test.id for test in plan.tests}
    return Way(here, site, file, plan)


def make_history(way: Way) -> None:
    """Twenty runs of the tests in question: what changed shows only against the last one that counts on this branch."""
    for number in range(MADE):
        failed = {NEW: number != LAST, STILL: number == 0 or number >= SINCE, FIXED: number == LAST, REPAIRED: False}
        run = a_run(
            *(made_test(test, failed[test.id]) for test in way.plan.tests if test.id in failed),
            run_id=f"{way.id}-made-{number:02}",
            site=SITE,
            simulated=True,
            branch="another" if number == LAST + 1 else stamp.branch(),
        )
        start = datetime.now() - timedelta(hours=MADE - number)
        run = replace(run, start=start.isoformat(), broken="A lane died." if number == LAST + 2 else "")
        folder = way.folder.with_name(run.stamp.run_id)
        folder.mkdir(parents=True)
        run_json.write(run, folder / run_json.NAME)
    way.ask("history", "rebuild")


def made_test(test: PlannedTest, failed: bool) -> TestResult:
    result = attempt(Verdict.FAILED, "status is 200, expected 400") if failed else attempt(Verdict.PASSED)
    return replace(a_test(test.name, "", result, tags=test.tags), source=test.file, long_name=test.full_name)


def run_pieces(way: Way) -> None:
    """One piece twice, with defects that it finds, fewer the second time; one interrupted; the others once."""
    wrong = next(shard for shard in way.plan.shards if any(test.file == REFUSED for test in shard.tests))
    switch(way.site, "on", *DEFECTS.values())
    way.ask(*way.of_shard(wrong))
    switch(way.site, "off", DEFECTS[REPAIRED])
    way.ask(*way.of_shard(wrong))
    switch(way.site, "off", DEFECTS[NEW], DEFECTS[STILL])
    stopped = interrupted(way)
    begun = way.here.start(*way.of_shard(stopped))
    wait_for(stopped.name, (way.plan.folder / stopped.name / "attempt-1" / "pabot.log").exists)
    assert interrupt(begun).code == 253
    for shard in way.plan.shards:
        if shard not in (wrong, stopped):
            way.ask(*way.of_shard(shard))


def interrupted(way: Way) -> Shard:
    return next(shard for shard in way.plan.shards if not any(test.file == REFUSED for test in shard.tests))


def interrupted_piece_is_not_run(way: Way, fake: FakeXray, xray: Mapping[str, str]) -> None:
    stopped = interrupted(way)
    out = way.ask("ci", "collect", "--plan", way.plan_file, code=252)
    assert f"Shard {stopped.number} delivered no whole result, its {len(stopped.tests)} tests are not run" in out
    assert {test.id for test in way.run.of(Verdict.NOT_RUN)} == {test.id for test in stopped.tests}
    assert "does not count" in way.ask("xray", "publish", way.id, "--force-simulated", code=252, env=xray)
    assert fake.requests == []


def whole_run_is_read(way: Way) -> None:
    way.ask(*way.of_shard(interrupted(way)))
    out = way.ask("ci", "collect", "--plan", way.plan_file)
    tests = {test.id: test for test in way.run.tests}
    assert set(tests) == {test.id for test in way.plan.tests}
    assert {name for name, test in tests.items() if test.verdict != Verdict.PASSED} == {NEW, STILL}
    twice = {name: [one.verdict for one in tests[name].attempts] for name in (NEW, REPAIRED, FIXED)}
    assert twice == {
        NEW: [Verdict.FAILED, Verdict.FAILED],
        REPAIRED: [Verdict.FAILED, Verdict.PASSED],
        FIXED: [Verdict.PASSED, Verdict.PASSED],
    }
    once = {test.id for test in way.plan.tests} - {name for name, test in tests.items() if len(test.attempts) > 1}
    assert {test.id for test in interrupted(way).tests} <= once
    assert f"failures against run {way.id}-made-{LAST}: 1 new, 1 still, 1 fixed" in out


def statuses(tests: Iterable[PlannedTest], failed: Iterable[str]) -> dict[str, str]:
    """What each key of Jira that these tests have or cover has to show."""
    covers = yaml.safe_load((ROOT / "variables" / "xray_covers.yaml").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for test in tests:
        primary = next(tag for tag in test.tags if tag.startswith("PZ-"))
        for key in filter(JIRA.fullmatch, [primary, *covers.get(primary, ())]):
            if test.id in failed:
                found[key] = "FAILED"
            found.setdefault(key, "PASSED")
    return found


def xray_environment(fake: FakeXray, folder: Path) -> dict[str, str]:
    return {
        "FOCUS_XRAY_SETTINGS": str(settings_file(folder / "xray.yaml", fake.url)),
        "XRAY_CLIENT_ID": CLIENT_ID,
        "XRAY_CLIENT_SECRET": CLIENT_SECRET,
        "XDG_STATE_HOME": str(folder / "xray"),
    }


def results_are_published_once(way: Way, fake: FakeXray, xray: Mapping[str, str]) -> None:
    out = way.ask("xray", "publish", way.id, "--force-simulated", env=xray)
    (execution,) = fake.executions.values()
    assert f"published: {execution['key']}" in out
    assert execution["labels"] == [f"focus-run-{way.id}", "simulated"]
    shown = {key: run["status"] for key, run in fake.runs().items()}
    assert shown == statuses(way.plan.tests, {NEW, STILL})
    comment = fake.runs()[key_of(way, REPAIRED)]["comment"]
    assert [re.findall(rf"Attempt {number}.*?: (\w+)", comment) for number in (1, 2)] == [["failed"], ["passed"]]
    assert [one["filename"] for one in fake.runs()[key_of(way, NEW)]["evidence"]]
    before = len(fake.requests)
    assert f"published: {execution['key']}" in way.ask("xray", "publish", way.id, "--force-simulated", env=xray)
    assert (len(fake.requests), len(fake.executions)) == (before, 1)


def key_of(way: Way, test_id: str) -> str:
    return next(test.key for test in way.run.tests if test.id == test_id)


def coverage_page_shows_the_results(way: Way) -> None:
    way.ask("coverage", "--site", SITE)
    folder = ROOT / "results" / "coverage"
    rows = {one["key"]: one for one in json.loads((folder / "coverage.json").read_text("utf-8"))["scenarios"]}
    shown = {key: rows[key]["result"] for key in statuses(way.plan.tests, ())}
    failed = {key_of(way, NEW), key_of(way, STILL)}
    assert {key for key, result in shown.items() if result == "failed"} == failed
    assert {rows[key]["site"] for key in failed} == {SITE}
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r"PZ-\d+", page)) >= set(shown)


def history_shows_what_changed(way: Way) -> None:
    listed = way.ask("history", "list", "--site", SITE, "--limit", str(2 * MADE)).splitlines()[1:]
    assert [line.split()[0] for line in listed] == [way.id, *(f"{way.id}-made-{n:02}" for n in reversed(range(MADE)))]
    summary = (way.folder / "summary.md").read_text(encoding="utf-8")
    names = {test.id: test.long_name for test in way.run.tests}
    assert section(summary, "New failures") == [f"- {names[NEW]}"]
    assert section(summary, "Fixed") == [f"- {names[FIXED]}"]
    compared = way.ask("history", "compare", f"{way.id}-made-{LAST}", way.id)
    assert re.search(rf"passed -> failed +{re.escape(NEW)}$", compared, re.MULTILINE)
    assert re.search(rf"failed -> passed +{re.escape(FIXED)}$", compared, re.MULTILINE)
    assert not re.search(rf"{re.escape(STILL)}$", compared, re.MULTILINE)


def section(text: str, heading: str) -> list[str]:
    """The lines of a section of the summary."""
    body = re.split(r"^## ", text, flags=re.MULTILINE)
    (found,) = [part for part in body if part.startswith(heading)]
    return [line for line in found.splitlines()[1:] if line]


def bug_report_is_written(way: Way) -> Path:
    """Returns the bundle in the report's folder."""
    out = way.ask("bug", way.id, STILL.partition("::")[2])
    failed = next(test for test in way.run.tests if test.id == STILL)
    assert failed.reason in out
    assert f"It has failed on this site since run {way.id}-made-{SINCE} (" in out
    bundle = Path(re.search(r"^replay: +python run.py replay (.*)$", out, re.MULTILINE)[1])  # type: ignore[index]
    assert {path.name for path in bundle.parent.iterdir()} >= {"report.md", "jira.txt", "jira.adf.json", "timeline.png"}
    return bundle


def failure_is_replayed_without_the_site(way: Way, bundle: Path) -> None:
    out = way.ask("replay", str(bundle))
    failed = next(test for test in way.run.tests if test.id == STILL)
    assert "It fails with the same message:" in out
    assert comparable(failed.message) in comparable(out)
