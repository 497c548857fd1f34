"""Summary and comment: what they show first, what goes when there is too much, and that nothing in them acts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from support.loopback import Answer, Request, http_server

from pipeline import command_line, paths
from pipeline.ci import gates, github, markdown
from pipeline.ci.gates import Judged
from pipeline.ci.markdown import Shown
from pipeline.commands import ci, ci_verdict
from pipeline.errors import RunError
from pipeline.results import run_json
from pipeline.results.comparison import Comparison
from pipeline.results.model import Attempt, Run, TestResult, Verdict
from pipeline.results.stamp import Stamp
from pipeline.run import folders

PASS, FAIL = Verdict.PASSED, Verdict.FAILED


def a_test(name: str, *verdicts: Verdict, reason: str = "view 7 is late") -> TestResult:
    attempts = tuple(
        Attempt(one, "2026-11-30T10:00:00", 2.0, reason=reason if one == FAIL else "", keywords=("Open A View",))
        for one in verdicts
    )
    return TestResult(name, f"Api.{name}", "Api", "suites/api.robot", 1, (), "", (), "api", attempts)


def a_run(*tests: TestResult) -> Run:
    stamp = Stamp("run-2", "nightly", "staging", False, "1.0", "abc123", branch="main")
    return Run(stamp, "2026-11-30T10:00:00", 90.0, tests)


def shown(*tests: TestResult, against: Comparison | None = None) -> Shown:
    judged = [Judged("complete", True, "All tests have a result."), Judged("pass rate", False, "1 of 2 tests passed.")]
    return Shown(a_run(*tests), judged, against, {"report": "https://ci.example.com/runs/2"})


def test_the_verdict_comes_first_then_gates_then_what_changed() -> None:
    new, still, fixed = a_test("New", FAIL), a_test("Still", FAIL), a_test("Fixed", FAIL, PASS)
    against = Comparison("run-1", (new,), (still,), (fixed,))
    text = markdown.render(shown(new, still, fixed, against=against), markdown.SUMMARY_BYTES)
    headings = re.findall(r"^(?:#+ |<details><summary>)(.*?)(?:</summary>)?$", text, re.MULTILINE)
    assert headings == [
        "Focus nightly on staging: 🔴 red: pass rate",
        "New failures, against run run-1 (1)",
        "Still failing, against run run-1 (1)",
        "Fixed, against run run-1 (1)",
        "Failures alike",
        "Slowest",
        "Passed (1)",
    ]
    assert "[report](https://ci.example.com/runs/2)" in text
    assert "| pass rate | 🔴 | 1 of 2 tests passed. |" in text
    assert "- **Api.New**: view 7 is late" in text
    assert "- **Api.Fixed** (attempts: failed, passed)" in text
    assert "| 2 | Open A View | view 7 is late |" in text


@pytest.mark.parametrize(
    ("most", "cut"),
    [(markdown.SUMMARY_BYTES, "בדיק ..."), (markdown.COMMENT_BYTES, "more: see the report")],
)
def test_passed_tests_go_first_then_messages_and_the_verdict_never(most: int, cut: str) -> None:
    long = "בדיקה " * 150
    passed = [a_test(f"Passed {number} {'x' * 900}", PASS) for number in range(1_500)]
    few = markdown.render(shown(*passed, a_test("Bad", FAIL, reason=long)), most)
    assert "Api.Passed 1499" not in few
    assert long.strip() in few
    many = markdown.render(shown(*passed, *(a_test(f"Bad {n}", FAIL, reason=f"{n} {long}") for n in range(750))), most)
    for text in (few, many):
        assert len(text.encode()) <= most
        assert text.startswith("## Focus nightly on staging: 🔴 red: pass rate")
        assert "1 of 2 tests passed." in text
    assert "Api.Bad 0" in many
    assert cut in many


def test_a_name_longer_than_all_is_cut_within_the_limit() -> None:
    text = markdown.render(shown(*(a_test(f"{n} {'ש' * 9000}", FAIL) for n in range(30))), markdown.COMMENT_BYTES)
    assert len(text.encode()) <= markdown.COMMENT_BYTES
    assert text.endswith("(cut: the whole is in the report)\n")


def test_what_a_product_answers_shows_as_it_is_and_acts_on_nobody() -> None:
    evil = "@team <img src=x> [a](javascript:b) `x` | **y** <!-- focus-acceptance --> &lt;i&gt; \u202e\x1b[31m\nnext"
    text = markdown.render(shown(a_test("Bad @here", FAIL, reason=evil)), markdown.COMMENT_BYTES)
    row = next(line for line in text.splitlines() if line.startswith("- **Api.Bad"))
    assert not re.search(r"@\w", row)
    assert not re.search(r"(?<!\\)[<>|`\[\]]", row)
    assert "&amp;lt;i&amp;gt;" in row
    assert all(character.isprintable() or character == "\u200b" for character in row)
    assert row.endswith("next")
    assert markdown.marker(replace(a_run(), stamp=replace(a_run().stamp, site="a--> b"))).count("-->") == 1


class Issue:
    """The comments of a pull request, as GitHub's API pages them."""

    def __init__(self, comments: list[str]) -> None:
        self.comments = dict(enumerate(comments, 1))

    def listed(self, request: Request) -> Answer:
        query = parse_qs(request.query)
        size, page = int(query["per_page"][0]), int(query["page"][0])
        ids = list(self.comments)[size * (page - 1) : size * page]
        return Answer(200, [{"id": number, "body": self.comments[number]} for number in ids])

    def added(self, request: Request) -> Answer:
        number = len(self.comments) + 1
        self.comments[number] = request.body["body"]
        return Answer(201, {"id": number, "html_url": f"https://example.com/{number}"})

    def changed(self, request: Request) -> Answer:
        number = int(request.target.rsplit("/", 1)[1])
        self.comments[number] = request.body["body"]
        return Answer(200, {"id": number, "html_url": f"https://example.com/{number}"})


def pull(url: str) -> github.PullRequest:
    job = {"GITHUB_REPOSITORY": "team/tests", "GITHUB_TOKEN": "t", "GITHUB_REF": "refs/pull/7/merge"}
    return github.of_environment(job | {"GITHUB_API_URL": url}, None)


def test_one_comment_is_kept_up_to_date_however_many_others_there_are() -> None:
    issue = Issue([f"comment {number}" for number in range(250)] + ["quoted: <!-- ours -->"])
    comments = "/repos/team/tests/issues/7/comments"
    answers = {
        f"GET {comments}": issue.listed,
        f"POST {comments}": issue.added,
        "PATCH /repos/team/tests/issues/comments/252": issue.changed,
    }
    with http_server(answers) as server:
        for body in ("one", "two", "three"):
            assert pull(server.url).upsert("<!-- ours -->", f"<!-- ours -->\n{body}") == "https://example.com/252"
    assert len(issue.comments) == 252
    assert issue.comments[252] == "<!-- ours -->\nthree"
    assert {request.headers["Authorization"] for request in server.requests} == {"Bearer t"}


def test_a_comment_that_cannot_be_written_is_one_sentence_without_the_token() -> None:
    refused = r"pull request 7 of team/tests failed \(GET: HTTP 404"
    with http_server({}) as server, pytest.raises(RunError, match=refused):
        pull(server.url).upsert("<!-- ours -->", "x")
    with pytest.raises(RunError, match="GITHUB_TOKEN is not set"):
        github.of_environment({"GITHUB_REPOSITORY": "team/tests"}, 7)
    with pytest.raises(RunError, match="give --pull NUMBER"):
        github.of_environment({"GITHUB_REPOSITORY": "a/b", "GITHUB_TOKEN": "t", "GITHUB_REF": "refs/heads/main"}, None)


def test_the_commands_write_the_summary_of_a_step_and_the_comment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    monkeypatch.setattr(folders, "RESULTS", tmp_path)
    monkeypatch.setenv(ci_verdict.SUMMARY, str(tmp_path / "step.md"))
    run = folders.Run("run-2", "nightly", "staging", "/", [], [], []).open()
    folders.make_latest(run)
    run_json.write(a_run(a_test("Good", PASS)), run.folder / run_json.NAME)
    gates.write(shown().judged, run.folder)
    assert ci.main(command_line.parse(["ci", "summary", "--link", "report=https://ci.example.com/a?b=c"])) == 0
    assert "[report](https://ci.example.com/a?b=c)" in (tmp_path / "step.md").read_text()
    assert ci.main(command_line.parse(["ci", "comment"])) == 0
    assert (run.folder / "comment.md").read_text().startswith("<!-- focus-acceptance nightly staging -->\n## Focus")
    assert str(run.folder / "comment.md") in capsys.readouterr().out
    with pytest.raises(RunError, match="is no NAME=URL"):
        command_line.parse(["ci", "comment", "--link", "report=javascript:x"])
