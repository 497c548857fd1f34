"""An Xray Cloud on this machine, with the habits of the real one that lose or double results.

It keeps what arrived as plain data, counts requests, and has faults that a test orders. Jira's search lags behind by
the fake's own clock, which tests move on.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any

from support.fake_xray_http import RefusalError, handler, parts_of

CLIENT_ID, CLIENT_SECRET = "client-of-tests", "secret-of-tests-7f3a"
LAG_S = 20.0
PAGE, RESOLVERS = 100, 25
LONGEST_TEXT = 8192
TEST_FIELDS = {
    *("testKey", "testInfo", "status", "start", "finish", "comment", "executedBy", "assignee", "defects"),
    *("evidence", "customFields", "steps", "iterations"),
}
OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
CALL = re.compile(r"(\w+): (\w+)\(([^)]*)\)")


@dataclass
class Fault:
    """What happens to the next `times` requests whose path or GraphQL operation contains `what`.

    `status` is answered; `after` says that the request was carried out all the same; `silent` cuts the connection
    instead, `slow_s` only waits.
    """

    what: str
    status: int = 500
    after: bool = False
    silent: bool = False
    slow_s: float = 0.0
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    text: str = "the fake was asked to fail"


class FakeXray:
    """The state, and the server in front of it. `hook(number, step)` is called before and after each request's work."""

    def __init__(self, *, statuses: tuple[str, ...] = ("PASSED", "FAILED", "EXECUTING", "TODO", "ABORTED")) -> None:
        self.statuses = statuses
        self.requests: list[str] = []
        self.bodies: list[bytes] = []
        self.faults: list[Fault] = []
        self.most_bytes = 20_000_000
        self.hook: Callable[[int, str], None] = lambda _number, _step: None
        self.tests: dict[str, dict[str, Any]] = {}
        self.plan: list[str] = []
        self.executions: dict[str, dict[str, Any]] = {}
        self.attachments: dict[str, dict[str, Any]] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.job_looks = 1
        self._ahead = 0.0
        self._issues = 50_000
        self._tokens = 0
        self._lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> Iterator[FakeXray]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def advance(self, seconds: float) -> None:
        """Move the clock on: the test's own sleep."""
        self._ahead += seconds

    def now(self) -> float:
        return time.monotonic() + self._ahead

    def add_tests(self, *keys: str, kind: str = "Steps", planned: bool = True) -> None:
        for key in keys:
            self._add_test(key, f"Title of {key}", kind, [], 0.0)
            self.plan += [key] * planned

    def expire_token(self) -> None:
        self._tokens += 1

    @property
    def token(self) -> str:
        return f"token-{self._tokens}-of-the-fake"

    def runs(self) -> dict[str, dict[str, Any]]:
        """The runs of the only execution, by key. Fails when there is not exactly one."""
        (execution,) = self.executions.values()
        found: dict[str, dict[str, Any]] = execution["runs"]
        return found

    def handle(self, path: str, body: bytes, content_type: str, token: str) -> tuple[int, Any]:
        """Status and answer; raises RefusalError."""
        if path == "authenticate":
            login = json.loads(body)
            good = login == {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
            return (200, self.token) if good else (401, {"error": "Invalid client credentials"})
        if token != f"Bearer {self.token}":
            return 401, {"error": "Authentication failed! Invalid or expired credentials!"}
        if len(body) > self.most_bytes:
            return 413, {"error": "request entity too large"}
        with self._lock:
            return 200, self._work(path, body, content_type)

    def _work(self, path: str, body: bytes, content_type: str) -> Any:
        if path == "graphql":
            asked = json.loads(body)
            return self._graphql(asked["query"], asked["variables"])
        if path == "import/execution/multipart":
            parts = parts_of(body, content_type)
            return self._create(json.loads(parts["info"][1]), json.loads(parts["results"][1])["tests"])
        if path == "import/execution":
            sent = json.loads(body)
            return self._update(sent["testExecutionKey"], sent["tests"])
        if path == "attachments":
            filename, content = parts_of(body, content_type)["attachment"]
            id_ = f"attachment-{len(self.attachments)}"
            self.attachments[id_] = {"filename": filename, "content": content}
            return {"id": id_, "filename": filename, "size": len(content)}
        if path == "import/test/bulk":
            return self._start_job(json.loads(body))
        found = re.fullmatch(r"import/test/bulk/([\w-]+)/status", path)
        if found:
            return self._job(found[1])
        raise RefusalError(f"no such path: {path}")

    def _create(self, info: dict[str, Any], tests: list[dict[str, Any]]) -> dict[str, Any]:
        fields, own = info["fields"], info.get("xrayFields", {})
        unknown = set(own) - {"testPlanKey", "environments"}
        if unknown:
            raise RefusalError(f"xrayFields.{unknown.pop()} is not allowed")
        if not isinstance(own.get("testPlanKey"), str):
            raise RefusalError("xrayFields.testPlanKey must be a string")
        if fields["issuetype"]["name"] != "Test Execution":
            raise RefusalError("issuetype: Specify a valid issue type")
        self._check(tests)
        id_, key = self._new_issue()
        self.executions[id_] = {
            "key": key,
            "info": info,
            "labels": fields.get("labels", []),
            "visible": self.now() + LAG_S,
            "runs": {},
        }
        return self._import(id_, tests)

    def _update(self, key: str, tests: list[dict[str, Any]]) -> dict[str, Any]:
        self._check(tests)
        id_ = next((id_ for id_, one in self.executions.items() if one["key"] == key), None)
        if id_ is None:
            raise RefusalError(f"Test Execution with key {key} not found")
        return self._import(id_, tests)

    def _check(self, tests: list[dict[str, Any]]) -> None:
        for test in tests:
            unknown = set(test) - TEST_FIELDS
            if unknown:
                raise RefusalError(f"{unknown.pop()} is not allowed in a test")
            for name in ("start", "finish"):
                if name in test and not OFFSET.fullmatch(test[name]):
                    raise RefusalError(f"{name} has no offset")
            iterations = test.get("iterations", [])
            texts = [test.get("comment", ""), *(one.get("log", "") for one in iterations)]
            if any(len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT for text in texts):
                raise RefusalError("text is longer than 8192 characters")
            if any(not one.get("parameters") for one in iterations):
                raise RefusalError("an iteration needs parameters")

    def _import(self, id_: str, tests: list[dict[str, Any]]) -> dict[str, Any]:
        """As Xray: an unknown status becomes TODO, defects are replaced, evidence is added."""
        execution = self.executions[id_]
        warnings = []
        for test in tests:
            key = test["testKey"]
            if key not in self.tests:
                warnings.append(f"Test {key} not found")
                continue
            run = execution["runs"].setdefault(key, {"id": f"run-{id_}-{key}", "defects": [], "evidence": []})
            status = test["status"] if test["status"] in self.statuses else "TODO"
            run |= {"status": status, "comment": test.get("comment", ""), "sent": test}
            run["defects"] = list(test.get("defects", []))
            run["evidence"] += [{"filename": one["filename"], "data": one["data"]} for one in test.get("evidence", [])]
        answer = {"id": id_, "key": execution["key"], "self": f"{self.url}/{id_}"}
        return answer | ({"warnings": warnings} if warnings else {})

    def _graphql(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        calls = CALL.findall(query)
        if len(calls) > RESOLVERS:
            return {"errors": [{"message": "more than 25 resolvers"}]}
        data: dict[str, Any] = {}
        try:
            for alias, name, text in calls:
                args = {
                    one.partition(": ")[0]: variables[value[1:]] if value.startswith("$") else int(value)
                    for one in text.split(", ")
                    if (value := one.partition(": ")[2])
                }
                data[alias] = getattr(self, f"_{name}")(args, variables)
        except RefusalError as error:
            return {"errors": [{"message": str(error)}]}
        if "getStatuses" in query:
            data["statuses"] = [{"name": name} for name in self.statuses]
        return {"data": data}

    def _getTestExecutions(self, args: dict[str, Any], _variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        wanted = re.search(r'(labels|key) = "([^"]+)"', args["jql"])
        assert wanted
        if wanted[1] == "key" and wanted[2] not in {*self.tests, *(one["key"] for one in self.executions.values())}:
            raise RefusalError(f"An issue with key '{wanted[2]}' does not exist for field 'key'.")
        found = [
            {"issueId": id_, "jira": {"key": one["key"]}}
            for id_, one in self.executions.items()
            if wanted[2] in (one["labels"] if wanted[1] == "labels" else [one["key"]]) and one["visible"] <= self.now()
        ]
        return {"results": found}

    def _getTestRuns(self, args: dict[str, Any], _variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        assert args["limit"] <= PAGE
        runs = [(key, run) for id_ in args["testExecIssueIds"] for key, run in self.executions[id_]["runs"].items()]
        some = runs[args["start"] : args["start"] + args["limit"]]
        results = [
            {
                "id": run["id"],
                "defects": run["defects"],
                "evidence": [{"filename": one["filename"]} for one in run["evidence"]],
                "test": {"jira": {"key": key}},
            }
            for key, run in some
        ]
        return {"total": len(runs), "results": results}

    def _getTests(self, args: dict[str, Any], _variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        field_, wanted = re.fullmatch(r"(key|labels) in \((.*)\)", args["jql"]).groups()  # type: ignore[union-attr]
        names = [name.strip(' "') for name in wanted.split(",")]
        if field_ == "labels":
            keys = [
                key
                for key, one in self.tests.items()
                if set(names) & set(one["labels"]) and one["visible"] <= self.now()
            ]
        else:
            missing = [name for name in names if name not in self.tests]
            if missing:
                raise RefusalError(
                    "; ".join(f"An issue with key '{key}' does not exist for field 'key'." for key in missing)
                )
            keys = [key for key in names if self.tests[key]["kind"] != "no Test"]
        if len(keys) > PAGE:
            raise RefusalError("the JQL matches more than 100 issues")
        return {"results": [self._test(key) for key in keys]}

    def _getTestPlans(self, args: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        if "PZ-14024" not in args["jql"]:
            return {"results": []}
        some = self.plan[variables["start"] : variables["start"] + PAGE]
        return {"results": [{"tests": {"total": len(self.plan), "results": [self._test(key) for key in some]}}]}

    def _addDefectsToTestRun(self, args: dict[str, Any], _variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        run = self._run(args["id"])
        new = [issue for issue in args["issues"] if issue not in run["defects"]]
        run["defects"] += new
        linked = [issue for issue in args["issues"] if issue not in new]
        return {"warnings": [f"{issue} is linked already" for issue in linked]}

    def _addEvidenceToTestRun(self, args: dict[str, Any], _variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        for one in args["evidence"]:
            assert one["attachmentId"] in self.attachments
            self._run(args["id"])["evidence"].append({"filename": one["filename"], "attachment": one["attachmentId"]})
        return {"warnings": []}

    def _run(self, id_: str) -> dict[str, Any]:
        return next(run for one in self.executions.values() for run in one["runs"].values() if run["id"] == id_)

    def _test(self, key: str) -> dict[str, Any]:
        test = self.tests[key]
        jira = {"key": key, "summary": test["summary"], "labels": test["labels"]}
        return {"testType": {"kind": test["kind"]}, "jira": jira}

    def _start_job(self, tests: list[dict[str, Any]]) -> dict[str, Any]:
        if any(not one["done"] for one in self.jobs.values()):
            raise RefusalError("A job to import tests is already in progress")
        if len(tests) > 1000:
            raise RefusalError("more than 1000 tests in a job")
        issues = []
        for number, test in enumerate(tests):
            id_, key = self._new_issue()
            self._add_test(key, test["fields"]["summary"], "Unstructured", test["fields"]["labels"], self.now() + LAG_S)
            issues.append({"elementNumber": number, "id": id_, "key": key})
        job_id = f"job-{len(self.jobs)}"
        self.jobs[job_id] = {"done": False, "looks": self.job_looks, "issues": issues}
        return {"jobId": job_id}

    def _job(self, id_: str) -> dict[str, Any]:
        job = self.jobs[id_]
        job["looks"] -= 1
        if job["looks"] >= 0:
            return {"status": "working", "progress": []}
        job["done"] = True
        return {"status": "successful", "result": {"errors": [], "issues": job["issues"], "warnings": []}}

    def _add_test(self, key: str, summary: str, kind: str, labels: list[str], visible: float) -> None:
        self.tests[key] = {"summary": summary, "kind": kind, "labels": labels, "visible": visible}

    def _new_issue(self) -> tuple[str, str]:
        self._issues += 1
        return str(self._issues), f"PZ-{self._issues}"

    def fault_for(self, what: str) -> Fault | None:
        with self._lock:
            found = next((fault for fault in self.faults if fault.what in what and fault.times > 0), None)
            if found:
                found.times -= 1
            return found

    def note(self, what: str, body: bytes) -> int:
        with self._lock:
            self.requests.append(what)
            self.bodies.append(body)
            return len(self.requests)
