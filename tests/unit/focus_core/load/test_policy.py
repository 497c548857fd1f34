"""Which load a site's policy allows, by the tags of a test."""

from __future__ import annotations

from dataclasses import replace

import pytest
from focus_core.base.errors import BenchError
from focus_core.load import policy
from focus_core.site import loader
from focus_core.site.model import Policy, Site

STAGING = loader.read("staging")


def site(load: str) -> Site:
    assert isinstance(STAGING, Site)
    return replace(STAGING, policy=Policy(load=load))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("load", "tags", "forbidden"),
    [
        ("none", ["load"], True),
        ("light", ["load"], False),
        ("light", ["load", "stress"], True),
        ("full", ["load", "stress"], False),
        ("none", ["soak"], True),
        ("none", ["regression"], False),
    ],
)
def test_a_test_runs_where_the_policy_allows_its_load(load: str, tags: list[str], forbidden: bool) -> None:
    reason = policy.why_forbidden(site(load), tags)
    assert bool(reason) is forbidden
    assert not reason or ("policy.load" in reason and "staging" in reason)


def test_load_outside_of_load_suites_is_refused() -> None:
    policy.check(site("light"), ["load", "nightly"])
    with pytest.raises(BenchError, match="tag this one 'load', 'exclusive'"):
        policy.check(site("full"), ["regression"])
    with pytest.raises(policy.LoadForbiddenError, match="allows no load, and this is tagged load"):
        policy.check(site("none"), ["load"])


def test_a_soak_waits_until_somebody_asks_for_it() -> None:
    assert "--include soak" in policy.why_not_chosen(["soak", "load"], ["nightly"])
    assert policy.why_not_chosen(["soak"], ["SOAK"]) == ""
    assert policy.why_not_chosen(["soak"], ["loadANDsoak"]) == ""
    assert policy.why_not_chosen(["load"], []) == ""
