"""What a test broke of the contract: known bugs explain it, its own failure may have said it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.contract import seen
from focus_core.contract.seen import Seen
from focus_core.contract.violation import Violation
from focus_core.run import contract_breaks, known_bugs
from focus_core.run.known_bugs import KnownBug

PORT = Violation("stream_port", "type", "stream_port is '12307' (str) instead of an integer")
COUNT = Violation("channel_amount", "counts-equal", "channel_amount is 4, expected 3 as in channel_to_stream_index")
SITE: Any = SimpleNamespace(name="staging", known_bugs=[])
LINE = "The contract of record was broken:\n- POST /configure 200: {} (rule {})"


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch) -> Seen:
    found = Seen()
    monkeypatch.setattr(seen, "_of_process", found)
    bugs = (
        KnownBug("PZ-13271", "it is a text", shows="stream_port is '", everywhere=True, sites=frozenset({"staging"})),
        KnownBug(
            "PZ-13272", "counts", shows="channel_amount is", fails=frozenset({"PZ-1"}), sites=frozenset({"staging"})
        ),
    )
    monkeypatch.setattr(known_bugs, "_all", lambda: bugs)
    return found


def broken(own: Seen, *violations: Violation) -> None:
    own.value("POST /configure 200", {}, violations)


def test_nothing_broken_is_no_failure() -> None:
    assert contract_breaks.take(SITE) == []


def test_what_is_broken_is_one_failure_with_a_line_for_each(own: Seen) -> None:
    broken(own, PORT, COUNT)
    (failure,) = contract_breaks.take(None)
    assert failure.splitlines() == [
        "The contract of record was broken:",
        f"- POST /configure 200: {PORT} (rule type)",
        f"- POST /configure 200: {COUNT} (rule counts-equal)",
    ]


def test_a_known_bug_explains_its_line_and_no_other(own: Seen) -> None:
    broken(own, PORT, COUNT)
    assert contract_breaks.take(SITE, "A Test", ["PZ-2"]) == [LINE.format(COUNT, COUNT.rule)]
    assert [one.get("bug") for one in own.as_json()["violations"]] == ["PZ-13271", None]


def test_a_bug_of_this_test_explains_too(own: Seen) -> None:
    broken(own, PORT, COUNT)
    assert contract_breaks.take(SITE, "A Test", ["PZ-1"]) == []


def test_what_the_test_said_itself_is_not_said_again(own: Seen) -> None:
    broken(own, COUNT)
    assert contract_breaks.take(SITE, reported=f"It is wrong:\n- {COUNT}") == []


def test_what_was_seen_lies_beside_the_log_of_a_run(own: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(own, PORT)
    monkeypatch.delenv("FOCUS_RUN_ID", raising=False)
    contract_breaks.keep(tmp_path)
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv("FOCUS_RUN_ID", "run-1")
    contract_breaks.keep(tmp_path)
    (path,) = tmp_path.glob(f"{contract_breaks.PREFIX}-*.json")
    assert json.loads(path.read_text(encoding="utf-8"))["violations"][0]["rule"] == "type"
