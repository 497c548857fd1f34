"""No fault without leave: on a site that forbids disruption nothing is asked of the site at all."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import robot
import yaml
from focus_core.base.errors import BenchError
from focus_core.disruption import rules
from focus_core.disruption.cluster_changes import labels_of
from focus_core.disruption.rules import DisruptionRefusedError
from focus_core.site import loader as site_loader
from focus_core.site.model import Site, Workload
from focus_keywords.disruption.faults import Faults
from robot.api import ExecutionResult
from support.loopback import counting_listener
from support.site_content import site_content
from support.suite_files import ROOT

TAGS = [{"disruptive", "exclusive", "nightly"}]
# What ends a fault or looks at it cannot be used without one, and asks nothing.
MAKES_NO_FAULT = {
    "bring_back",
    "workload_should_recover_by_itself",
    "thaw",
    "restore_the_network_to",
    "workloads_should_recover_by_themselves",
    "recovery_should_take_no_longer",
}
MAKES_A_FAULT = [
    name
    for name, method in inspect.getmembers(Faults, inspect.isfunction)
    if hasattr(method, "robot_name") and name not in MAKES_NO_FAULT
]
# What is no fault of a workload that is named.
OTHER_ARGUMENTS = {"fill_the_queue": "", "let_the_cluster_refuse_the_view_after": "1-1"}


def run_robot(folder: Path, site_file: Path, *sources: Path) -> ExecutionResult:
    silent = {"stdout": StringIO(), "stderr": StringIO()}
    robot.run(*map(str, sources), outputdir=str(folder / "out"), variable=[f"SITE:{site_file}"], **silent)
    return ExecutionResult(folder / "out" / "output.xml")


POLICIES = {
    "forbids disruption": {"disruption": False, "max_pods": 2},
    "lets no pod be disrupted": {"disruption": True, "max_pods": 0},
    "protects": {"disruption": True, "max_pods": 2, "protected": ["mongodb", "rabbitmq", "focus_server"]},
}


@contextmanager
def site_with(folder: Path, policy: dict[str, Any]) -> Iterator[tuple[Path, list[str]]]:
    """The file of a site with a policy, and whoever came to any of its addresses."""
    with counting_listener() as (port, came):
        path = folder / "site.yaml"
        path.write_text(yaml.safe_dump(site_content(port, folder, **policy)), encoding="utf-8")
        yield path, came


@pytest.fixture
def forbidden(tmp_path: Path) -> Iterator[tuple[Path, list[str]]]:
    with site_with(tmp_path, POLICIES["forbids disruption"]) as site:
        yield site


def test_every_suite_of_resilience_is_skipped_with_the_reason(
    forbidden: tuple[Path, list[str]], tmp_path: Path
) -> None:
    site_file, came = forbidden
    result = run_robot(tmp_path, site_file, ROOT / "suites" / "resilience")
    tests = list(result.suite.all_tests)
    assert len(tests) > 20
    assert {test.status for test in tests} == {"SKIP"}
    assert all("forbids disruption (policy.disruption is false)" in test.message for test in tests)
    assert came == []


@pytest.mark.parametrize("reason", POLICIES)
def test_every_keyword_that_makes_a_fault_refuses_before_its_first_call(reason: str, tmp_path: Path) -> None:
    assert len(MAKES_A_FAULT) == 9
    lines = ["*** Settings ***", "Library    SiteLibrary", "Library    DisruptionLibrary", "Suite Setup    Open Site"]
    # A suite of nothing but disruptive tests would be skipped as a whole.
    lines += ["*** Test Cases ***", "Harmless", "    No Operation"]
    for name in MAKES_A_FAULT:
        argument = OTHER_ARGUMENTS.get(name, "mongodb")
        lines += [name, "    [Tags]    disruptive    exclusive", f"    {name}    {argument}".rstrip()]
    suite = tmp_path / "faults.robot"
    suite.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with site_with(tmp_path, POLICIES[reason]) as (site_file, came):
        result = run_robot(tmp_path, site_file, suite)
    harmless, *tests = result.suite.all_tests
    assert harmless.passed
    messages = {test.name: test.message for test in tests}
    assert len(messages) == len(MAKES_A_FAULT)
    assert all(reason in message for message in messages.values()), messages
    assert {test.status for test in tests} == {"SKIP"}
    assert came == []


@pytest.fixture
def allowed(tmp_path: Path) -> Site:
    path = tmp_path / "site.yaml"
    content = site_content(9, tmp_path, disruption=True, max_pods=2, protected=["webapp", "rabbitmq-panda"])
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    site = site_loader.read(str(path))
    assert isinstance(site, Site)
    return site


def test_a_named_workload_of_an_exclusive_suite_is_permitted(allowed: Site) -> None:
    assert rules.permitted(allowed, "mongodb", TAGS).name == "mongodb"


@pytest.mark.parametrize("name", ["webapp", "rabbitmq"])
def test_a_protected_workload_is_refused(allowed: Site, name: str) -> None:
    with pytest.raises(DisruptionRefusedError, match="protects"):
        rules.permitted(allowed, name, TAGS)


def test_a_workload_that_the_site_does_not_name_is_refused(allowed: Site) -> None:
    with pytest.raises(DisruptionRefusedError, match="'coredns' is no workload; choose one of focus_server"):
        rules.permitted(allowed, "coredns", TAGS)


@pytest.mark.parametrize("tags", [[], [{"disruptive"}], [*TAGS, {"exclusive"}]])
def test_a_suite_that_has_not_the_site_for_itself_is_refused(allowed: Site, tags: list[set[str]]) -> None:
    with pytest.raises(DisruptionRefusedError, match="tag the whole file 'disruptive' and 'exclusive'"):
        rules.permitted(allowed, "mongodb", tags)


def test_more_pods_than_the_policy_allows_are_refused(allowed: Site) -> None:
    rules.within_limit(allowed, 1, already=1)
    with pytest.raises(DisruptionRefusedError, match=r"take 2 pods, beside 1 that are disrupted already; .* allows 2"):
        rules.within_limit(allowed, 2, already=1)


@pytest.mark.parametrize("selector", [" ", ",", "app=", "=x", "app", "app!=x", "app in (a)", "app=x,"])
def test_a_selector_that_could_find_more_than_the_workload_is_refused(selector: str) -> None:
    with pytest.raises(BenchError, match="faults need one of label=value"):
        labels_of(Workload(kind="Deployment", name="x", selector=selector))


def test_labels_of_a_selector() -> None:
    assert labels_of(Workload(kind="Deployment", name="x", selector="a=b, c/d==e")) == {"a": "b", "c/d": "e"}
