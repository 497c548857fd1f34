"""Messages: only when the verdict changes, with owners, to whom the environment names, without secrets in errors."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from support.loopback import Answer, free_port, http_server

from pipeline import command_line, paths
from pipeline.ci import gates, notify, owners
from pipeline.ci.gates import Judged
from pipeline.ci.notify import Message
from pipeline.ci.owners import Owners
from pipeline.commands import ci
from pipeline.errors import RunError
from pipeline.history import database
from pipeline.results import run_json
from pipeline.results.model import Attempt, Run, TestResult, Verdict
from pipeline.results.stamp import Stamp
from pipeline.run import folders

GREEN, RED = [Judged("critical", True, "None failed.")], [Judged("critical", False, "1 critical test failed.")]
OWNERS = Owners("testers", {"alerts": "team-web"})
MESSAGE = Message("It is red", "<!channel> & more", {"verdict": "red"})


def a_test(name: str, area: str) -> TestResult:
    attempt = Attempt(Verdict.FAILED, reason="late")
    return TestResult(name, f"X.{name}", "X", "suites/x.robot", 1, (), "", (), area, (attempt,))


def a_run(number: int, *tests: TestResult) -> Run:
    stamp = Stamp(f"run-{number}", "nightly", "staging", False, "1", "abc", branch="main")
    return Run(stamp, f"2026-11-30T10:00:0{number}", 9.0, tests)


def message(judged: list[Judged], before: str, *new: TestResult) -> Message | None:
    return notify.message(a_run(1, *new), judged, before, new, OWNERS, {"report": "https://ci.example.com/1"})


def test_a_message_is_sent_only_when_the_verdict_changes() -> None:
    assert message(GREEN, "green") is None
    assert message(RED, "red", a_test("A", "api")) is None
    assert message(GREEN, "") is None
    assert message(RED, "") is not None
    back = message(GREEN, "red")
    assert back is not None
    assert back.subject == "Focus nightly on staging is green (was red)"


def test_a_run_without_any_result_is_named_without_a_site() -> None:
    run = Run(Stamp("run-1", "nightly", "", False, "", "abc"), "", 0.0, ())
    found = notify.message(run, RED, "green", [], OWNERS, {})
    assert found is not None
    assert found.subject == "Focus nightly is red (was green)"


def test_new_failures_are_named_with_the_owner_of_their_area() -> None:
    found = message(RED, "green", a_test("A", "alerts"), a_test("B", "live"))
    assert found is not None
    assert found.subject == "Focus nightly on staging is red (was green): 2 new failures"
    assert found.text.splitlines() == [
        "critical: 1 critical test failed.",
        "- X.A (team-web): late",
        "- X.B (testers): late",
        "run run-1, commit abc",
        "report: https://ci.example.com/1",
    ]
    assert [one["owner"] for one in found.data["new_failures"]] == ["team-web", "testers"]
    broken = message(RED, "green")
    assert broken is not None
    assert broken.subject == "Focus nightly on staging is red (was green)"
    many = message(RED, "green", *(a_test(f"T{number}", "api") for number in range(99)))
    assert many is not None
    assert "... and 69 more" in many.text


def test_webhook_and_slack_get_it_and_slack_mentions_nobody() -> None:
    with http_server({"POST /hook": Answer(200, {}), "POST /slack": Answer(200, {})}) as server:
        environment = {notify.WEBHOOK: f"{server.url}/hook", notify.SLACK: f"{server.url}/slack"}
        assert notify.send(MESSAGE, environment) == ([notify.WEBHOOK, notify.SLACK], [])
    hook, slack = (request.body for request in server.requests)
    assert hook == {"subject": "It is red", "text": "<!channel> & more", "verdict": "red"}
    assert slack == {"text": "It is red\n&lt;!channel&gt; &amp; more"}


class Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as one message needs."""

    mails: ClassVar[list[str]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                self.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
            elif line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def mail_server() -> Iterator[str]:
    Smtp.mails.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_mail_is_sent(mail_server: str) -> None:
    environment = {notify.EMAIL: "roy@example.com", notify.SMTP: mail_server}
    assert notify.send(MESSAGE, environment) == ([notify.EMAIL], [])
    assert "Subject: It is red" in Smtp.mails[0]
    assert "To: roy@example.com" in Smtp.mails[0]
    assert "<!channel> & more" in Smtp.mails[0]


def test_who_cannot_be_reached_is_reported_by_its_variable_alone() -> None:
    secret = f"http://127.0.0.1:{free_port()}/secret"
    with http_server({"POST /hook": Answer(200, {})}) as server:
        sent, failed = notify.send(MESSAGE, {notify.WEBHOOK: f"{server.url}/hook", notify.SLACK: secret})
        assert sent == [notify.WEBHOOK]
        assert failed == [
            "The message was not taken (ConnectionError): check the variable FOCUS_NOTIFY_SLACK of this job."
        ]
        _, failed = notify.send(MESSAGE, {notify.WEBHOOK: f"{server.url}/gone"})
        assert "(HTTP 404)" in failed[0]
    _, failed = notify.send(MESSAGE, {notify.EMAIL: "a@example.com", notify.SMTP: f"127.0.0.1:{free_port()}"})
    assert "FOCUS_NOTIFY_EMAIL and FOCUS_SMTP_SERVER of this job" in failed[0]
    _, failed = notify.send(MESSAGE, {notify.EMAIL: "a@example.com", notify.SMTP: "mail:smtp"})
    assert "(FOCUS_SMTP_SERVER is no host:port)" in failed[0]
    with pytest.raises(RunError, match="Nobody is to be notified: set FOCUS_NOTIFY_WEBHOOK"):
        notify.send(MESSAGE, {})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "needs exactly"),
        ("[", "cannot be read"),
        ("{default: a}", "needs exactly"),
        ("{default: '', areas: {}}", "owner without a name"),
        ("{default: a, areas: {api: 3}}", "owner without a name"),
        ("{default: a, areas: {nowhere: b}}", "'nowhere' is no area"),
    ],
)
def test_owners_that_are_not_whole_are_refused(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "owners.yaml").write_text(text)
    with pytest.raises(RunError, match=r"^owners\.yaml") as refused:
        owners.read(tmp_path / "owners.yaml")
    assert reason in str(refused.value)


def test_the_owners_of_the_project_can_be_read() -> None:
    assert owners.read().of("api")


def keep(run: Run, judged: list[Judged]) -> None:
    """As a pipeline leaves a run after its gates."""
    kept = folders.Run(run.stamp.run_id, "nightly", "staging", "/", [], [], []).open()
    folders.make_latest(kept)
    run_json.write(run, kept.folder / run_json.NAME)
    gates.write(judged, kept.folder)
    with database.opened() as connection:
        database.add(connection, run)


def test_the_command_compares_with_the_last_judged_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    monkeypatch.setattr(folders, "RESULTS", tmp_path)
    options = command_line.parse(["ci", "notify"])
    with http_server({"POST /hook": Answer(200, {})}) as server:
        monkeypatch.setenv(notify.WEBHOOK, f"{server.url}/hook")
        keep(a_run(1), GREEN)
        assert ci.main(options) == 0
        assert server.requests == []
        keep(a_run(2, a_test("A", "alerts")), RED)
        assert ci.main(options) == 0
        keep(a_run(3, a_test("A", "alerts")), RED)
        assert ci.main(options) == 0
        keep(a_run(4), GREEN)
        server.answers["POST /hook"] = Answer(500, {})
        assert ci.main(options) == 1
    assert [(one.body["verdict"], one.body["before"], one.body["run_id"]) for one in server.requests] == [
        ("red", "green", "run-2"),
        ("green", "red", "run-4"),
    ]
    shown = capsys.readouterr()
    assert "The verdict is red as before: nobody is notified." in shown.out
    assert "The message was not taken (HTTP 500)" in shown.err
