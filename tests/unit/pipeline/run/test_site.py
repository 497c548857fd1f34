"""The site of a run: chosen once, and disruptive tests on a real one need a yes."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from support.checkout import SITE

from pipeline.errors import RunError
from pipeline.run import site


@pytest.fixture
def site_of(tmp_path: Path) -> Callable[..., str]:
    def make(**changes: object) -> str:
        content = yaml.safe_load(SITE) | {"simulated": False, "policy": {"disruption": True, "max_pods": 1}} | changes
        secret = {"env": "NOBODYS_SECRET"}
        for section in ("rabbitmq", "node"):
            content[section].setdefault("password", secret)
        content["users"] = [{"username": "lane0", "password": secret, "role": "admin"}]
        path = tmp_path / "nobody.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return str(path)

    return make


def test_disruptive_tests_on_a_real_site_need_a_yes(
    site_of: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))  # no terminal: nobody is asked
    with pytest.raises(RunError, match=r"3 of the selected tests disrupt site nobody.*--exclude disruptive.*--yes\."):
        site.confirm_disruption(site_of(), 3, yes=False)
    site.confirm_disruption(site_of(), 3, yes=True)
    site.confirm_disruption(site_of(), 0, yes=False)


@pytest.mark.parametrize("changes", [{"simulated": True}, {"policy": {"disruption": False}}])
def test_a_simulated_site_and_one_that_forbids_disruption_ask_nothing(
    site_of: Callable[..., str], changes: dict[str, object]
) -> None:
    site.confirm_disruption(site_of(**changes), 3, yes=False)


BY_APPROVAL = {"policy": {"disruption": "by_approval", "max_pods": 1}}
APPROVAL = """
site: %s
server_url: %s
approved_by: Dana Cohen
reason: Release 4.2 must survive the loss of MongoDB
begins: %s
ends: %s
"""


@pytest.mark.parametrize(("of", "hours", "refused"), [("other", 0, "is for site other"), ("", -3, "ended at"),
                                                      ("", 1, "begins at")])  # fmt: skip
def test_a_run_does_not_start_with_an_approval_that_does_not_count(
    site_of: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, of: str, hours: int, refused: str
) -> None:
    file = site_of(**BY_APPROVAL)
    monkeypatch.setenv("FOCUS_APPROVAL", str(approval_of(tmp_path, site.look_up(file), hours, name=of)))
    with pytest.raises(RunError, match=refused):
        site.confirm_disruption(file, 3, yes=True)


def test_one_that_counts_is_recorded_where_tests_disrupt(
    site_of: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chosen = site.look_up(site_of(**BY_APPROVAL))
    monkeypatch.setenv("FOCUS_APPROVAL", str(approval_of(tmp_path, chosen, 0)))
    site.confirm_disruption(str(chosen.file), 3, yes=True)
    assert site.approved(chosen, 3).startswith("Dana Cohen, ")
    assert site.approved(chosen, 0) == ""


def test_without_one_the_run_starts_and_its_tests_are_skipped(
    site_of: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOCUS_APPROVAL", raising=False)
    site.confirm_disruption(site_of(**BY_APPROVAL), 3, yes=False)


def approval_of(folder: Path, chosen: site.ChosenSite, hours: int, name: str = "") -> Path:
    """An approval of two hours for the site, or for one of that name, that begins so many hours from now."""
    begins = datetime.now().astimezone() + timedelta(hours=hours)
    path = folder / "approval.yaml"
    ends = begins + timedelta(hours=2)
    url = yaml.safe_load(Path(chosen.file).read_text(encoding="utf-8"))["focus"]["url"]
    text = APPROVAL % (name or chosen.name, url, begins.isoformat(), ends.isoformat())
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("answer", "goes_on"), [("y\n", True), ("Yes\n", True), ("\n", False), ("", False)])
def test_on_a_terminal_the_question_is_asked(
    site_of: Callable[..., str], monkeypatch: pytest.MonkeyPatch, answer: str, goes_on: bool
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(answer))
    if goes_on:
        site.confirm_disruption(site_of(), 1, yes=False)
    else:
        with pytest.raises(RunError, match="No test was started"):
            site.confirm_disruption(site_of(), 1, yes=False)


@pytest.mark.parametrize(("chosen", "variable"), [("simulated", "staging"), ("staging", "simulated")])
def test_another_site_by_variable_is_refused(chosen: str, variable: str) -> None:
    with pytest.raises(RunError, match=rf"^Two sites are chosen: '{variable}' by .* and '{chosen}' by --site.*\.$"):
        site.refuse_second_choice(chosen, variable)


@pytest.mark.parametrize("variable", [None, "staging", str(site.site_loader.SITES / "staging.yaml")])
def test_the_same_site_is_no_second_choice(variable: str | None) -> None:
    site.refuse_second_choice("staging", variable)


def test_a_variable_that_is_no_site_is_reported_as_such() -> None:
    with pytest.raises(RunError, match="no site 'nosuch'"):
        site.refuse_second_choice("staging", "nosuch")
