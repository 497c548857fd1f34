"""The table of load drivers: what a report of wrk, locust and k6 says, and when a driver has seen a freeze."""

from __future__ import annotations

import pytest

from pipeline.measure import load_peers

DUE = (380.0, 300.0, 200.0, 100.0, 20.0)


@pytest.mark.parametrize(
    ("above", "seen"),
    [
        ((385, 304, 202, 101, 21), True),
        ((383, 304, 203, 104, 21), True),
        ((20, 20, 20, 20, 20), False),
        ((801, 400, 205, 200, 108), False),
        ((0, 0, 0, 0, 0), False),
    ],
)
def test_a_driver_sees_a_freeze_when_as_many_are_slow_as_were_due(above: tuple[int, ...], seen: bool) -> None:
    assert load_peers.is_seen(above, DUE) is seen


def test_reports_of_other_drivers_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(program: str, *arguments: str) -> str:
        if program == "wrk":
            return "Running 10s test\ntime 0.001 1980\ntime 1.95 20\n"
        if program == "k6":
            path = next(one for one in arguments if one.startswith("csv=")).removeprefix("csv=")
            content = "metric_name,timestamp,metric_value\nhttp_reqs,1,1\nhttp_req_duration,1,1200.5\n"
        else:
            path, content = f"{arguments[arguments.index('-f') + 1]}.times", "0.02\n1.6\n"
        with open(path, "w") as file:  # noqa: PTH123 - as the drivers write it
            file.write(content)
        return ""

    monkeypatch.setattr(load_peers, "_run", run)
    assert load_peers.wrk("http://x") == load_peers.Seen(2000, (20, 20, 20, 20, 20))
    assert load_peers.locust("http://x") == load_peers.Seen(2, (1, 1, 1, 1, 0))
    assert load_peers.k6("http://x") == load_peers.Seen(1, (1, 1, 1, 0, 0))
    monkeypatch.setattr(load_peers, "_run", lambda *_: None)
    assert (load_peers.wrk(""), load_peers.locust(""), load_peers.k6("")) == (None, None, None)
