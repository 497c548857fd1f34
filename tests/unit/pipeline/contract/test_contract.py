"""The record compared with what a run saw, with other records, and what was approved."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from focus_core.contract import record
from focus_core.contract.diff.changes import Change, Direction, Severity

from pipeline.contract import after_run, approvals, coverage, inferred, records, shown
from pipeline.contract.approvals import Approval
from pipeline.errors import RunError
from pipeline.results import contract_seen
from pipeline.results.contract_seen import Seen

TODAY = date(2026, 12, 1)
CHANNELS = "focus-server GET /channels"


def seen() -> Seen:
    return Seen(
        calls={CHANNELS: Counter({"200": 2, "299": 1}), "webapp GET /{site}/api/alert": Counter({"200": 1})},
        parameters={"webapp GET /{site}/api/alert": {"page", "classIds[]"}},
        shapes={
            f"{CHANNELS} 200": {
                "": {"object"}, "lowest_channel": {"string"}, "highest_channel": {"integer"}, "channels": {"array"},
                "more": {"object"}, "more.deep": {"integer"},
            },
            "focus-server POST /configure 200": {
                "": {"object"}, "metadata": {"object"}, "metadata.parent": {"object"},
                "metadata.parent.algo_metadata": {"object"}, "metadata.parent.algo_metadata.x": {"integer"},
                "lines_dt": {"integer"}, "channel_to_stream_index": {"object"},
                "channel_to_stream_index{}": {"integer"},
            },
        },
        unknown=Counter({"focus-server GET /brand_new 200": 3}),
        tests={"Api.Channels": {CHANNELS}, "Api.Other": {"focus-server GET /sensors"}},
    )  # fmt: skip


def test_coverage_counts_what_was_seen_and_lists_the_rest() -> None:
    found = coverage.of(seen())
    assert found["operations"].seen == 2
    assert f"{CHANNELS} 200" not in found["statuses"].missing
    assert f"{CHANNELS} 401" in found["statuses"].missing
    assert found["parameters"].seen == 2
    assert "webapp GET /{site}/api/alert page" not in found["parameters"].missing
    assert f"{CHANNELS} 200 channels[]" in found["properties"].missing
    assert f"{CHANNELS} 200 channels" not in found["properties"].missing
    total = found["operations"].total
    assert coverage.sentence(found).startswith(f"2 of {total} operations, ")


def test_what_the_server_really_answers_is_inferred() -> None:
    found = inferred.of(seen())
    assert found.undocumented == [
        "focus-server GET /brand_new 200 (3 times): no operation of the record",
        f"{CHANNELS}: status 299, which the record does not have",
        f"{CHANNELS} 200: more (object)",
        f"{CHANNELS} 200: more.deep (integer)",
    ]
    assert found.other_types == [f"{CHANNELS} 200: lowest_channel is string, not integer"]
    assert f"{CHANNELS} 200: channels[]" in found.never_seen
    assert f"{CHANNELS} 200: channels" not in found.never_seen


def part(folder: Path, number: int, **violation: object) -> None:
    broken = {"where": "x", "path": "p", "rule": "type", "sentence": "it is wrong", "count": 2, **violation}
    content = {**seen().as_json(), "violations": [broken]}
    (folder / f"contract-{number}.json").write_text(json.dumps(content), encoding="utf-8")


def test_the_parts_of_a_run_are_merged_and_one_line_tells_it(tmp_path: Path) -> None:
    assert after_run.note_contract(tmp_path) == []
    part(tmp_path, 1)
    part(tmp_path, 2)
    part(tmp_path, 3, path="q", bug="PZ-13271")
    (line,) = after_run.note_contract(tmp_path)
    assert line.startswith("Contract: 2 of ")
    assert line.endswith(" seen (contract.html); 1 violation, known bugs: PZ-13271 2 times.")
    merged = contract_seen.read(tmp_path)
    assert merged is not None
    assert merged.calls[CHANNELS]["200"] == 6
    assert [one["count"] for one in merged.open] == [4]
    page = (tmp_path / "contract.html").read_text(encoding="utf-8")
    assert "it is wrong" in page
    assert "PZ-13271" in page


def test_a_damaged_part_is_told_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "contract-1.json").write_text("{", encoding="utf-8")
    (line,) = after_run.note_contract(tmp_path)
    assert line.startswith("What the run saw of the contract is not counted: ")
    assert line.endswith("remove it.")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A copy of the record that can be edited."""
    folder = tmp_path / "other"
    shutil.copytree(record.FOLDER, folder)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_whole_records_are_compared_file_by_file(other: Path) -> None:
    own = records.read(str(record.FOLDER))
    assert records.compared(own, records.read(str(other))) == []
    edit(other / record.PROTO, "data_shape_x = 5", "data_shape_x = 15")
    edit(other / record.COLLECTIONS, "    deleted_1: {keys: {deleted: 1}}\n", "")
    edit(other / record.MESSAGES, "      - severity\n", "")
    edit(other / "focus-server.openapi.yaml", "status: {type: string, enum: [ok, degraded]}", "status: {type: string}")
    rules = {one.rule for one in records.compared(own, records.read(str(other)))}
    assert rules == {"proto-field-renumbered", "index-gone", "message-property-optional", "answer-enum-lifted"}


def test_two_files_are_compared_as_json_or_yaml(other: Path, tmp_path: Path) -> None:
    own = str(record.path_of("focus-server"))
    as_json = tmp_path / "served.json"
    as_json.write_text(json.dumps(record.document("focus-server")), encoding="utf-8")
    assert records.compared(records.read(own), records.read(str(as_json))) == []
    with pytest.raises(RunError, match="not of one kind"):
        records.compared(records.read(own), records.read(str(other / record.PROTO)))


@pytest.mark.parametrize("text", ["{", "a: [", "just: yaml"])
def test_what_is_no_contract_is_refused_in_a_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match=r"x\.yaml is n"):
        records.compared(records.read(str(record.path_of("webapp"))), records.read(str(tmp_path / "x.yaml")))
    with pytest.raises(RunError, match="is no contract: name a folder"):
        records.read("no-such-revision-of-git")


def a_change(**other: str) -> Change:
    values = {"operation": "GET /channels", "place": "200 body channels", "rule": "answer-type-changed"} | other
    return Change(
        Severity.BREAKING, Direction.ANSWER, values["rule"], values["operation"], values["place"], "it is new"
    )


def test_an_approval_counts_for_its_change_until_its_day(tmp_path: Path) -> None:
    path = tmp_path / "approvals.yaml"
    assert approvals.read(path) == []
    one = Approval("GET /channels", "200 body channels", "answer-type-changed", "a bug", "me", TODAY)
    approvals.write([one], path)
    assert approvals.read(path) == [one]
    changes = [a_change(), a_change(place="200")]
    assert approvals.unapproved(changes, [one], TODAY) == changes[1:]
    assert approvals.unapproved(changes, [one], date(2026, 12, 2)) == changes


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- operation: x", "needs exactly operation, place, rule, reason, by, until"),
        ("- {operation: x, place: p, rule: r, reason: w, by: m, until: soon}", "write a day as 2027-01-31"),
        ("[", "cannot be read"),
    ],
)
def test_a_wrong_approval_is_named(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "approvals.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match=sentence):
        approvals.read(tmp_path / "approvals.yaml")


def test_changes_are_shown_with_the_tests_that_they_touch() -> None:
    changes = [a_change(), a_change(operation="GET /sensors")]
    (line,) = shown.lines(changes, seen().tests, changes)
    assert line.splitlines() == [
        "breaking (approved): GET /channels, GET /sensors, answer, 200 body channels: it is new [answer-type-changed]",
        "    tests: Api.Channels, Api.Other",
    ]
    table = shown.table(changes, [])
    assert (
        "| breaking | GET /channels, GET /sensors | answer | 200 body channels | it is new | answer-type-changed |"
        in table
    )
