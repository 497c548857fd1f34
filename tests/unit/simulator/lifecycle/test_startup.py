"""What a start reports of a site that does not become ready."""

from __future__ import annotations

from typing import Any, cast

import pytest

from simulator.lifecycle import startup


def test_workloads_that_stay_unready_name_recover_and_not_a_fresh_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "SETTLE_SECONDS", 0.05)
    monkeypatch.setattr(startup, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(startup, "unready_workloads", lambda _layout: ["mongodb"])
    reported: list[str] = []
    startup.wait_for_workloads(cast(Any, None), reported.append)
    (sentence,) = reported
    assert "mongodb; 'python run.py recover' undoes what a stopped run left" in sentence
    assert "--fresh" not in sentence
