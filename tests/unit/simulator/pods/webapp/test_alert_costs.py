"""What alerts cost a web app with a defect: memory that stays occupied, up to an end."""

from __future__ import annotations

import tracemalloc

import pytest

from simulator.pods.webapp import alert_costs
from simulator.pods.webapp.alert_costs import AlertCosts

_MIB = 1 << 20


def test_alerts_that_leak_occupy_memory_and_give_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    on = {"alerts-leak"}
    monkeypatch.setattr(alert_costs, "active", on.__contains__)
    monkeypatch.setattr(alert_costs, "_LEAKED_MOST", 20)
    costs = AlertCosts()
    tracemalloc.start()
    try:
        for alerts in (5, 50):
            costs.charge(alerts)
        grown, _ = tracemalloc.get_traced_memory()
        on.clear()
        costs.charge(1)
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 30 * _MIB < grown < 80 * _MIB
    assert left < grown - 20 * _MIB


def test_alerts_cost_nothing_without_a_defect() -> None:
    costs = AlertCosts()
    for _ in range(100):
        costs.charge(10)
