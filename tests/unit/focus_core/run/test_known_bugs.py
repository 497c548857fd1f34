"""Known bugs: a failure is explained only when each of its problems is; the data name tests and sites that exist."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from focus_core.base.failures import fail_with
from focus_core.run import known_bugs
from focus_core.run.known_bugs import KnownBug, explanation, failures_of
from focus_core.site import loader as site_loader

from pipeline.checks.missing_specs import suite_tests

STATUS = KnownBug("PZ-1", "the status is empty", shows="status is ''")
PORT = KnownBug("PZ-2", "the port is a text", shows="stream_port is '[0-9]+'")
CHANNELS = KnownBug("PZ-3", "too many channels", shows="GET /channels is wrong: highest_channel is 2337")


def failure(summary: str, *problems: str) -> str:
    with pytest.raises(AssertionError) as raised:
        fail_with(summary, list(problems))
    return str(raised.value)


def explained(*failures: str) -> list[str]:
    return [bug.key for bug in explanation(failures, [STATUS, PORT, CHANNELS])]


def test_a_failure_without_lines_is_one_problem() -> None:
    assert explained("The status is '' today.") == ["PZ-1"]
    assert explained("The STATUS Is '' today.") == ["PZ-1"]
    assert explained("It was answered 500.") == []


def test_every_line_has_to_be_explained() -> None:
    assert explained(failure("The view is wrong", "status is ''", "stream_port is '12307'")) == ["PZ-1", "PZ-2"]
    assert explained(failure("The view is wrong", "status is ''", "lines_dt is 0.5")) == []
    assert explained(failure("The view is wrong", "lines_dt is 0.5", "status is ''")) == []


def test_every_failure_has_to_be_explained() -> None:
    assert explained("status is ''", "stream_port is '1'") == ["PZ-1", "PZ-2"]
    assert explained("status is ''", "It was answered 500.") == []


def test_a_pattern_may_begin_in_the_summary_but_has_to_reach_the_line() -> None:
    assert explained(failure("GET /channels is wrong", "highest_channel is 2337, the site has 2222")) == ["PZ-3"]
    assert explained(failure("GET /limits is wrong", "highest_channel is 2337, the site has 2222")) == []
    assert explained(failure("The view whose status is ''", "lines_dt is 0.5")) == []


def test_lines_left_out_are_explained_when_they_read_like_those_shown() -> None:
    ports = [f"stream_port is '{number}'" for number in range(30)]
    long = failure("The views are wrong", *ports)
    assert "- and 20 more like these" in long
    assert explained(long) == ["PZ-2"]
    # A problem of another wording is never hidden behind many of one wording.
    assert explained(failure("The views are wrong", *ports, "lines_dt is 0.5")) == []
    words = [f"status is '', {'x' * number}" for number in range(30)]
    assert "- and 20 more" in failure("The views are wrong", *words)
    assert explained(failure("The views are wrong", *words)) == []


def test_a_failed_teardown_of_a_keyword_is_not_explained() -> None:
    assert explained("status is ''\n\nAlso keyword teardown failed:\nstatus is ''") == []


def test_what_robot_cut_out_is_not_explained() -> None:
    assert explained("The view is wrong:\n- lines\n    [ Message content over the limit has been removed. ]") == []


def test_a_bug_without_a_pattern_explains_nothing() -> None:
    assert explanation(["anything"], [KnownBug("PZ-1", "nothing is known of it")]) == []


def item(status: str, message: str = "", *body: Any) -> SimpleNamespace:
    return SimpleNamespace(status=status, message=message, body=list(body))


def test_failures_are_those_of_the_keywords_that_failed() -> None:
    body = [item("PASS"), item("FAIL", "one", item("FAIL", "inner")), SimpleNamespace(message="a log message")]
    assert failures_of(body) == ["one"]


def test_joined_failures_are_taken_apart() -> None:
    several = item("FAIL", "Several failures occurred:\n\n1) one\n\n2) two", item("FAIL", "one"), item("FAIL", "two"))
    assert failures_of([several, item("FAIL", "three")]) == ["one", "two", "three"]


def test_a_test_is_named_by_key_or_by_key_and_name() -> None:
    bug = KnownBug("PZ-1", "a bug", fails=frozenset({"PZ-7", "PZ-8 That One"}))
    assert bug.fails_test("Any", ["smoke", "PZ-7"])
    assert bug.fails_test("That One", ["PZ-8"])
    assert not bug.fails_test("Another", ["PZ-8"])


def test_a_bug_belongs_to_its_sites_and_to_those_that_declare_it() -> None:
    assert "PZ-13984" in {bug.key for bug in known_bugs.of_site("staging", [])}
    assert {bug.key for bug in known_bugs.of_site("simulated", [])} == {"PZ-Q001", "PZ-Q002"}
    assert "PZ-13984" in {bug.key for bug in known_bugs.of_site("simulated", ["PZ-13984"])}


def test_an_open_question_is_called_so() -> None:
    assert str(KnownBug("PZ-Q001", "nobody knows")) == "Open question PZ-Q001: nobody knows."
    assert str(KnownBug("PZ-1", "it is wrong")) == "Known bug PZ-1: it is wrong."


def test_entries_are_complete_and_hold_nothing_else() -> None:
    fields = {"title", "shows", "everywhere", "fails", "sometimes", "sites", "switch", "rule", "assumed", "server"} | {
        "answer"
    }
    for key, entry in known_bugs.content().items():
        assert re.fullmatch(r"PZ-(\d+|[BQ]\d{3})", key), key
        assert entry.keys() <= fields, key
        assert entry["title"], key
        assert not entry["title"].endswith("."), key
        assert len({"rule", "assumed", "server"} & entry.keys()) in (0, 3), key
        assert key.startswith("PZ-Q") <= ("rule" in entry), key
        # Without a pattern nothing is explained, in no test.
        assert "shows" in entry or not ({"everywhere", "fails", "sometimes"} & entry.keys()), key
        assert entry.get("everywhere") or entry.get("fails") or "shows" not in entry, key


@pytest.mark.parametrize("path", sorted(known_bugs.FILE.parent.glob("*.yaml")), ids=lambda path: path.name)
def test_no_key_stands_twice(path: Path) -> None:
    # YAML keeps the last one without a warning.
    def keys(node: yaml.Node) -> Iterator[list[str]]:
        if isinstance(node, yaml.MappingNode):
            yield [key.value for key, _ in node.value]
            for _, value in node.value:
                yield from keys(value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield from keys(item)

    names = list(keys(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)))
    assert [found for found in names if len(set(found)) < len(found)] == []


def test_no_pattern_explains_just_anything() -> None:
    for bug in known_bugs.read():
        assert not bug.explains("It was answered 500 instead of 200: oops"), bug.key
        assert not bug.explains("The value is wrong"), bug.key


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("DELETE /job/{job_id} 404: error is missing (rule required)", "PZ-13670"),
        ("GET /ack/{job_id} 404: detail is a member that this answer does not have", "PZ-B008"),
        ("GET /waterfall/{job_id}/{rows} 404: error is missing (rule required)", "PZ-B009"),
        ("POST /config/{task_id} 404: error is missing (rule required)", "PZ-B010"),
        ("POST /configure 404: POST /configure has no answer 404, only 200, 400", "PZ-B005"),
        ("POST /configure 500: POST /configure has no answer 500, only 200, 400", "PZ-13238"),
        ("POST /configure 200: channel_to_stream_index has a member whose name is wrong: '-1'", "PZ-13760"),
    ],
)
def test_what_deployed_builds_break_of_the_contract_is_known(line: str, key: str) -> None:
    assert key in {bug.key for bug in known_bugs.read() if bug.explains(f"focus-server {line}")}


def test_sites_exist() -> None:
    named = {site for bug in known_bugs.read() for site in bug.sites}
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in site_loader.SITES.glob("*.yaml")]
    assert named <= {file["name"] for file in files}


def test_no_bug_has_the_key_of_a_test() -> None:
    keys = {tag for test in suite_tests() for tag in test.tags if tag.startswith("PZ-")}
    assert keys.isdisjoint(known_bugs.content())


def test_every_known_bug_fails_tests_that_exist() -> None:
    """By name where several tests share a key, so that a passing test beside the failing one is not "fixed"."""
    all_tests = suite_tests()
    named = Counter(
        (bug.key, entry)
        for bug in known_bugs.read()
        for entry in bug.fails
        for test in all_tests
        if test.is_named(entry)
    )
    wrong = [
        f"{bug.key}: '{entry}' names {named[bug.key, entry]} tests"
        for bug in known_bugs.read()
        for entry in sorted(bug.fails)
        if named[bug.key, entry] != 1
    ]
    assert wrong == []
