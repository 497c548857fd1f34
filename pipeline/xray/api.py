"""What is asked of Xray Cloud, with its limits: 100 issues a query, 25 resolvers a request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pipeline.xray.client import Client, RefusedError

PAGE = 100
RESOLVERS = 25
# A page of runs has resolvers of its own inside.
PAGES_AT_ONCE = 8
T = TypeVar("T")
_UNKNOWN = re.compile(r"[Kk]ey '?([A-Z][A-Z0-9]*-\d+)'? does not exist")


@dataclass(frozen=True)
class Execution:
    """A Test Execution: the number and the key of its issue."""

    id: str
    key: str


@dataclass(frozen=True)
class TestRun:
    """A test in an execution. `defects` are ids or keys of issues, `evidence` names of files."""

    __test__ = False  # for pytest

    id: str
    defects: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class PlanTest:
    """A Test issue; `kind` is Steps, Unstructured (generic) or Gherkin."""

    key: str
    title: str
    kind: str


@dataclass(frozen=True)
class Job:
    """A job that makes Tests. `keys` leads from the place in the request to the new key."""

    done: bool
    keys: dict[int, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ()


class Api:
    """`warnings` are those that came with otherwise good answers."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.warnings: list[str] = []

    def executions(self, project: str, label: str) -> tuple[list[Execution], list[str]]:
        """The executions that bear the label, and the statuses that a run can have. Jira's search lags behind."""
        return self._executions(f'project = "{project}" AND labels = "{label}" ORDER BY key')

    def execution(self, key: str) -> tuple[Execution | None, list[str]]:
        """The execution of this key, None where it is another issue, and the statuses that a run can have."""
        found, statuses = self._executions(f'key = "{key}"')
        return next(iter(found), None), statuses

    def _executions(self, jql: str) -> tuple[list[Execution], list[str]]:
        query = (
            "query($jql: String!) { executions: getTestExecutions(jql: $jql, limit: 10) "
            '{ results { issueId jira(fields: ["key"]) } } statuses: getStatuses { name } }'
        )
        data = self.client.graphql(query, {"jql": jql})
        found = [Execution(str(one["issueId"]), one["jira"]["key"]) for one in data["executions"]["results"]]
        return found, [one["name"] for one in data["statuses"]]

    def create(self, info: dict[str, Any], tests: list[dict[str, Any]]) -> Execution:
        """A new execution with these results. Labels can only be set in this form: results and issue as two parts."""
        parts = {
            "info": ("info.json", _bytes(info), "application/json"),
            "results": ("results.json", _bytes({"tests": tests}), "application/json"),
        }
        return self._imported(self.client.post_files("import/execution/multipart", parts))

    def update(self, execution: Execution, tests: list[dict[str, Any]]) -> None:
        """The same results twice are the same as once."""
        self._imported(self.client.post("import/execution", {"testExecutionKey": execution.key, "tests": tests}))

    def _imported(self, answer: Any) -> Execution:
        self._warn(answer)
        try:
            return Execution(str(answer["id"]), answer["key"])
        except (KeyError, TypeError):
            raise RefusedError("Xray answered an import without the key of an execution: check the url.") from None

    def runs(self, execution: Execution, tests: int) -> tuple[dict[str, TestRun], list[str]]:
        """The runs by test key, about `tests` of them, and the statuses that a run can have."""
        found: dict[str, TestRun] = {}
        statuses: list[str] = []
        total = max(tests, 1)
        start = 0
        while start < total:
            starts = list(range(start, total, PAGE))[:PAGES_AT_ONCE]
            pages = " ".join(
                f"p{at}: getTestRuns(testExecIssueIds: $ids, limit: {PAGE}, start: {at}) {{ total results "
                '{ id defects evidence { filename } test { jira(fields: ["key"]) } } }'
                for at in starts
            )
            query = f"query($ids: [String]) {{ {pages} statuses: getStatuses {{ name }} }}"
            data = self.client.graphql(query, {"ids": [execution.id]})
            statuses = [one["name"] for one in data.pop("statuses")]
            for page in data.values():
                total = page["total"]
                found |= {one["test"]["jira"]["key"]: _test_run(one) for one in page["results"]}
            start = starts[-1] + PAGE
        return found, statuses

    def attach(self, filename: str, content: bytes, media_type: str) -> str:
        """Upload a file that belongs to nothing yet; returns its id."""
        answer = self.client.post_files("attachments", {"attachment": (filename, content, media_type)})
        return str((answer[0] if isinstance(answer, list) else answer)["id"])

    def add_evidence(self, wanted: Sequence[tuple[str, dict[str, str]]]) -> None:
        """Add files (AttachmentDataInput) to runs: pairs of a run's id and a file."""
        self._mutate("AttachmentDataInput", "addEvidenceToTestRun", "evidence", [(run, [file]) for run, file in wanted])

    def add_defects(self, wanted: Sequence[tuple[str, list[str]]]) -> None:
        """Link issues, by id or key, to runs; those that are linked stay linked once."""
        self._mutate("String", "addDefectsToTestRun", "issues", wanted)

    def _mutate(self, kind: str, name: str, argument: str, wanted: Sequence[tuple[str, Any]]) -> None:
        for some in in_pieces(wanted, RESOLVERS):
            declared = ", ".join(f"$i{n}: String!, $v{n}: [{kind}]!" for n in range(len(some)))
            calls = " ".join(f"m{n}: {name}(id: $i{n}, {argument}: $v{n}) {{ warnings }}" for n in range(len(some)))
            variables = {f"i{n}": run for n, (run, _) in enumerate(some)}
            variables |= {f"v{n}": value for n, (_, value) in enumerate(some)}
            for answer in self.client.graphql(f"mutation({declared}) {{ {calls} }}", variables).values():
                self._warn(answer)

    def tests(self, keys: Iterable[str]) -> tuple[dict[str, PlanTest], set[str]]:
        """The Tests among these issues, and the keys of which there is no issue at all."""
        found: dict[str, PlanTest] = {}
        missing: set[str] = set()
        for some in in_pieces(sorted(set(keys)), PAGE):
            asked = list(some)
            while asked:
                try:
                    found |= self._tests(f"key in ({', '.join(asked)})")
                    break
                except RefusedError as error:
                    # Jira refuses the whole search for a key that does not exist, and names them.
                    unknown = set(_UNKNOWN.findall(str(error))) & set(asked)
                    if not unknown:
                        raise
                    missing |= unknown
                    asked = [key for key in asked if key not in unknown]
        return found, missing

    def labelled(self, labels: Iterable[str]) -> dict[str, PlanTest]:
        """The Tests that bear one of these labels, at most a hundred, by label."""
        return self._tests(f"labels in ({', '.join(json.dumps(label) for label in labels)})", labels=True)

    def _tests(self, jql: str, labels: bool = False) -> dict[str, PlanTest]:
        query = (
            "query($jql: String!) { tests: getTests(jql: $jql, limit: 100) { results "
            '{ testType { kind } jira(fields: ["key", "summary", "labels"]) } } }'
        )
        results = self.client.graphql(query, {"jql": jql})["tests"]["results"]
        if labels:
            return {label: _plan_test(one) for one in results for label in one["jira"].get("labels", [])}
        return {one["jira"]["key"]: _plan_test(one) for one in results}

    def plan_tests(self, plan: str) -> dict[str, PlanTest]:
        """All Tests of a Test Plan. Raises RefusedError when there is no such plan."""
        query = (
            "query($jql: String!, $start: Int!) { plans: getTestPlans(jql: $jql, limit: 1) { results "
            "{ tests(limit: 100, start: $start) { total results "
            '{ testType { kind } jira(fields: ["key", "summary"]) } } } } }'
        )
        found: dict[str, PlanTest] = {}
        start, total = 0, 1
        while start < total:
            results = self.client.graphql(query, {"jql": f"key = {plan}", "start": start})["plans"]["results"]
            if not results:
                raise RefusedError(f"{plan} is no Test Plan: correct 'plan' in xray.yaml.")
            page = results[0]["tests"]
            total = page["total"]
            found |= {one["jira"]["key"]: _plan_test(one) for one in page["results"]}
            start += PAGE
        return found

    def start_job(self, tests: list[dict[str, Any]]) -> str:
        """Make Tests in bulk, at most 1,000; returns the job's id. One job of a user at a time, else RefusedError."""
        return str(self.client.post("import/test/bulk", tests)["jobId"])

    def job(self, job_id: str) -> Job:
        answer = self.client.get(f"import/test/bulk/{job_id}/status")
        status = answer.get("status", "")
        if status in ("pending", "working"):
            return Job(done=False)
        result = answer.get("result") or {}
        keys = {int(one["elementNumber"]): one["key"] for one in result.get("issues", [])}
        errors = tuple(json.dumps(one.get("errors", one), ensure_ascii=False) for one in result.get("errors", []))
        return Job(True, keys, errors or (() if keys else (f"the job ended as '{status}'",)))

    def _warn(self, answer: Any) -> None:
        if isinstance(answer, dict):
            self.warnings += [str(one) for one in answer.get("warnings") or []]


def in_pieces(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _test_run(found: dict[str, Any]) -> TestRun:
    evidence = tuple(one["filename"] for one in found.get("evidence") or [])
    return TestRun(found["id"], tuple(map(str, found.get("defects") or [])), evidence)


def _plan_test(found: dict[str, Any]) -> PlanTest:
    return PlanTest(
        found["jira"]["key"], found["jira"].get("summary", ""), (found.get("testType") or {}).get("kind", "")
    )
