"""Disruption by approval: a named person, one site, a window of time, a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from focus_core.disruption import approval, rules
from focus_core.site import loader as site_loader
from focus_core.site.model import Policy, Site
from robot import run as run_robot
from robot.api import ExecutionResult
from support.site_content import site_content

GOOD = {
    "site": "staging",
    "server_url": "http://127.0.0.1:1/focus-server",
    "approved_by": "Dana Cohen",
    "reason": "Release 4.2 must survive the loss of MongoDB",
    "begins": "2026-12-01T20:00:00+02:00",
    "ends": "2026-12-01T23:00:00+02:00",
}
BEGINS = datetime.fromisoformat(GOOD["begins"])
ENDS = datetime.fromisoformat(GOOD["ends"])
TICK = timedelta(microseconds=1)


def written(folder: Path, **changes: Any) -> Path:
    path = folder / "approval.yaml"
    path.write_text(yaml.safe_dump(GOOD | changes, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture
def site(tmp_path: Path) -> Site:
    path = tmp_path / "site.yaml"
    content = site_content(1, tmp_path, disruption="by_approval", max_pods=1)
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    found = site_loader.read(str(path))
    assert isinstance(found, Site)
    return found


@pytest.mark.parametrize(
    ("moment", "refused"),
    [
        (BEGINS - TICK, "begins at 2026-12-01T20:00:00+02:00"),
        (BEGINS, ""),
        (ENDS - TICK, ""),
        (ENDS, "ended at 2026-12-01T23:00:00+02:00"),
        (ENDS + timedelta(days=365), "ended at"),
    ],
)
def test_it_counts_from_its_beginning_until_before_its_end(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime, refused: str
) -> None:
    monkeypatch.setenv(approval.VARIABLE, str(written(tmp_path)))
    found = approval.refusal(site, moment)
    assert bool(found) == bool(refused)
    assert refused in found
    assert bool(approval.record(site, moment)) != bool(refused)


def test_the_record_names_person_window_and_reason(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(approval.VARIABLE, str(written(tmp_path, approved_by="דנה כהן")))
    assert approval.record(site, BEGINS) == (
        "דנה כהן, 2026-12-01T20:00:00+02:00 to 2026-12-01T23:00:00+02:00: Release 4.2 must survive the loss of MongoDB"
    )


def test_one_for_another_site_is_refused(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(approval.VARIABLE, str(written(tmp_path, site="production")))
    assert "is for site production, not for staging" in approval.refusal(site, BEGINS)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/other", "https://10.10.100.113/focus-server"])
def test_one_for_a_site_of_the_same_name_at_another_address_is_refused(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv(approval.VARIABLE, str(written(tmp_path, server_url=url)))
    assert f"is for the server at {url}, not for {site.focus.url}" in approval.refusal(site, BEGINS)
    assert not approval.record(site, BEGINS)


def test_an_address_may_be_written_with_a_slash_at_its_end(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(approval.VARIABLE, str(written(tmp_path, server_url=f"{site.focus.url}/")))
    assert not approval.refusal(site, BEGINS)


def test_without_one_the_refusal_says_how_to_get_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(approval.VARIABLE, raising=False)
    with pytest.raises(rules.ForbiddenByPolicyError, match=r"by approval only, .*ask the owner .*--approval FILE"):
        rules.permitted(site, "mongodb", [{"disruptive", "exclusive"}])


@pytest.mark.parametrize("policy", [Policy(disruption=False, max_pods=2), Policy(disruption=True, max_pods=2)])
def test_where_the_policy_decides_no_approval_is_asked_or_recorded(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, policy: Policy
) -> None:
    monkeypatch.setenv(approval.VARIABLE, str(written(tmp_path)))
    vars(site)["policy"] = policy
    assert bool(rules.why_forbidden(site)) == (not policy.disruption)
    assert approval.record(site, BEGINS) == ""


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"approved_by": ""}, "approved_by"),
        ({"approved_by": "me"}, "approved_by"),
        ({"approved_by": None}, "approved_by"),
        ({"reason": "because"}, "reason"),
        ({"reason": "   \n        "}, "reason"),
        ({"site": ""}, "site"),
        ({"begins": "2026-12-01T20:00:00"}, "with a zone"),
        ({"ends": "2026-12-01"}, "with a zone"),
        ({"ends": "tomorrow"}, "ends"),
        ({"ends": GOOD["begins"]}, "ends after begins"),
        ({"ends": "2026-12-02T20:00:01+02:00"}, "at most 24 hours"),
        ({"approver": "Dana Cohen"}, "approver"),
    ],
)
def test_what_is_missing_or_wrong_is_refused_by_name(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(approval.ApprovalError, match=problem):
        approval.read(written(tmp_path, **changes))


def test_a_whole_day_is_the_longest(tmp_path: Path) -> None:
    assert approval.read(written(tmp_path, ends="2026-12-02T20:00:00+02:00")).site == "staging"


def test_a_time_that_yaml_itself_reads_keeps_its_zone(tmp_path: Path) -> None:
    path = tmp_path / "approval.yaml"
    path.write_text("".join(f"{key}: {value}\n" for key, value in GOOD.items()), encoding="utf-8")
    assert approval.read(path).begins == BEGINS


def test_a_file_that_is_not_there_is_refused(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(approval.VARIABLE, str(tmp_path / "nowhere.yaml"))
    assert "nowhere.yaml cannot be read" in approval.refusal(site, BEGINS)


def test_a_run_under_approval_records_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now().astimezone()
    window = {"begins": now.isoformat(), "ends": (now + timedelta(hours=1)).isoformat()}
    monkeypatch.setenv(approval.VARIABLE, str(written(tmp_path, **window)))
    site_file = tmp_path / "site.yaml"
    content = site_content(1, tmp_path, disruption="by_approval", max_pods=1)
    site_file.write_text(yaml.safe_dump(content), encoding="utf-8")
    suite = tmp_path / "one.robot"
    suite.write_text(
        "*** Settings ***\nLibrary    SiteLibrary\nSuite Setup    Open Site\n"
        "*** Test Cases ***\nOne\n    No Operation\n",
        encoding="utf-8",
    )
    code = run_robot(str(suite), outputdir=str(tmp_path / "out"), variable=[f"SITE:{site_file}"], console="none")
    assert code == 0
    found = ExecutionResult(tmp_path / "out" / "output.xml").suite.metadata["Disruption approved"]
    assert found.startswith("Dana Cohen, ")
    assert found.endswith(GOOD["reason"])
