"""No test data without leave: on a site whose policy forbids them nothing is asked of the site at all."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import robot
import yaml
from focus_core.base.errors import BenchError
from focus_core.data import sets
from focus_core.data.policy import DataForbiddenError
from focus_core.site import loader as site_loader
from focus_core.site.model import Site
from focus_keywords.data import generating, getting
from robot.api import ExecutionResult
from support.loopback import counting_listener
from support.site_content import site_content

from pipeline.commands import data as command
from pipeline.errors import RunError

SUITE = """\
*** Settings ***
Resource    focus.resource
Suite Setup    Open Site
Suite Teardown    Close Site

*** Test Cases ***
Data
    Generate Data    quiet site
Recordings
    Generate Recordings    3
Nobody Looks
    Get Data Sets    ==    ${EMPTY}
"""
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "generate_data": ("quiet site",),
    "generate_recordings": (3,),
    "generate_alerts": (3,),
    "generate_users": (3,),
    "generate_regions": (3,),
    "remove_data": (None,),
    "get_data_sets": (),
    "get_data_set_field": ("run",),
}


@pytest.fixture
def forbidden(tmp_path: Path) -> Iterator[tuple[Path, list[str]]]:
    """The file of a site whose policy says nothing of test data, and whoever came to any of its addresses."""
    with counting_listener() as (port, came):
        path = tmp_path / "site.yaml"
        path.write_text(yaml.safe_dump(site_content(port, tmp_path, disruption=True, max_pods=2)), encoding="utf-8")
        yield path, came


def load(path: Path) -> Site:
    site = site_loader.read(str(path))
    assert isinstance(site, Site)
    return site


def keywords() -> list[tuple[object, str]]:
    classes = (generating.DataGenerator(), getting.DataGetters())
    return [
        (one, name)
        for one in classes
        for name, method in inspect.getmembers(type(one), inspect.isfunction)
        if hasattr(method, "robot_name")
    ]


def test_every_word_refuses_before_its_first_call(
    forbidden: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, came = forbidden
    for module in (generating, getting):
        monkeypatch.setattr(module, "site", lambda: load(path))
    assert {name for _, name in keywords()} == set(ARGUMENTS)
    for one, name in keywords():
        with pytest.raises(DataForbiddenError, match="forbids test data"):
            getattr(one, name)(*ARGUMENTS[name])
    for question in (lambda: sets.found(load(path)), lambda: sets.remove(load(path), "testdata-x")):
        with pytest.raises(DataForbiddenError):
            question()
    assert came == []


@pytest.mark.parametrize("count", [0, -1])
@pytest.mark.parametrize("word", ["generate_recordings", "generate_alerts", "generate_users", "generate_regions"])
def test_a_set_of_nothing_is_refused(
    forbidden: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch, word: str, count: int
) -> None:
    path, came = forbidden
    monkeypatch.setattr(generating, "site", lambda: load(path))
    monkeypatch.setattr(generating.policy, "check", lambda _site: None)
    with pytest.raises(BenchError, match=f"count is a whole number from 1 to .*, not {count}"):
        getattr(generating.DataGenerator(), word)(count)
    assert came == []


def test_their_tests_are_skipped(forbidden: tuple[Path, list[str]], tmp_path: Path) -> None:
    path, came = forbidden
    suite = tmp_path / "data.robot"
    suite.write_text(SUITE, encoding="utf-8")
    robot.run(
        str(suite), outputdir=str(tmp_path / "out"), variable=[f"SITE:{path}"], stdout=StringIO(), stderr=StringIO()
    )
    tests = list(ExecutionResult(tmp_path / "out" / "output.xml").suite.all_tests)
    assert {test.status for test in tests} == {"SKIP"}
    assert all("policy.test_data is false" in test.message for test in tests)
    assert came == []


@pytest.mark.parametrize("words", [["generate", "quiet_site"], ["list"], ["remove", "--all"]])
def test_the_command_refuses_too(forbidden: tuple[Path, list[str]], words: list[str]) -> None:
    from pipeline import command_line

    path, came = forbidden
    options = command_line.parse(["data", *words, "--site", str(path)])
    with pytest.raises(RunError, match="forbids test data"):
        command.main(options)
    assert came == []
