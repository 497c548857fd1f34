"""What the client retries, and what it leaves to whoever knows whether it was done."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fake_xray import CLIENT_ID, CLIENT_SECRET, FakeXray, Fault
from support.loopback import free_port
from support.xray_runs import settings_file

from pipeline.errors import RunError
from pipeline.results.model import Verdict
from pipeline.xray import settings
from pipeline.xray.api import Api
from pipeline.xray.client import Client, InDoubtError, NotDoneError, RefusedError, TooLargeError
from pipeline.xray.settings import Credentials

GOOD = Credentials(CLIENT_ID, CLIENT_SECRET)


def client(answer_s: float = 10) -> Client:
    return Client(settings.load(), GOOD, answer_s)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("bulk", 408), InDoubtError),
        (Fault("bulk", 500), InDoubtError),
        (Fault("bulk", 599), InDoubtError),
        (Fault("bulk", silent=True), InDoubtError),
        (Fault("bulk", 425), NotDoneError),
        (Fault("bulk", 413), TooLargeError),
        (Fault("bulk", 404), RefusedError),
        (Fault("bulk", 302, headers={"Location": "/elsewhere"}), RefusedError),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Fault) else "",
)
def test_a_post_is_sent_once(fake: FakeXray, fault: Fault, error: type[Exception]) -> None:
    fake.faults.append(fault)
    with pytest.raises(error):
        client().post("import/test/bulk", [])
    assert fake.requests == ["authenticate", "import/test/bulk"]


def test_an_answer_that_is_too_late_leaves_it_in_doubt(fake: FakeXray) -> None:
    fake.faults.append(Fault("bulk", slow_s=0.6))
    with pytest.raises(InDoubtError, match="did not answer POST import/test/bulk"):
        client(answer_s=0.2).post("import/test/bulk", [])
    assert fake.requests.count("import/test/bulk") == 1


def test_a_busy_xray_is_obeyed(fake: FakeXray) -> None:
    fake.faults.append(Fault("bulk", 429, headers={"Retry-After": "1"}))
    assert client().post("import/test/bulk", []) == {"jobId": "job-0"}
    assert fake.requests.count("import/test/bulk") == 2


@pytest.mark.nightly
def test_an_xray_that_is_not_there_is_certainly_not_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = settings_file(tmp_path / "x.yaml", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("FOCUS_XRAY_SETTINGS", str(path))
    with pytest.raises(NotDoneError, match="cannot be reached"):
        client().post("import/test/bulk", [])


def test_hundreds_of_keys_are_asked_for_by_hundreds(fake: FakeXray) -> None:
    wanted = {f"PZ-{90000 + n}" for n in range(250)} | {"PZ-1", "PZ-2"}
    found, missing = Api(client()).tests(wanted)
    assert (len(found), missing) == (250, {"PZ-1", "PZ-2"})
    assert fake.requests.count("graphql getTests") == 4


def test_twenty_five_calls_are_the_most_of_one_request(fake: FakeXray) -> None:
    api = Api(client())
    fake.executions["1"] = {"key": "PZ-5", "labels": [], "visible": 0, "runs": {}}
    fake.executions["1"]["runs"] = {f"PZ-{n}": {"id": f"r{n}", "defects": [], "evidence": []} for n in range(60)}
    api.add_defects([(f"r{n}", ["PZ-7"]) for n in range(60)])
    assert fake.requests.count("graphql addDefectsToTestRun") == 3
    assert all(run["defects"] == ["PZ-7"] for run in fake.executions["1"]["runs"].values())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "http://xray.example.com"}, "https://"),
        ({"url": "https://me:word@xray.example.com"}, "belong into the environment"),
        ({"plan": "14024"}, "plan"),
        ({"verdicts": {"passed": "OK"}}, "verdicts has no status for 'failed'"),
        ({"verdicts": {one.value: "OK" for one in Verdict}}, "'failed: OK' is none of statuses"),
        ({"colour": "green"}, "colour"),
        ({"requests": 0}, "requests"),
    ],
)
def test_settings_are_checked_before_anything_is_sent(tmp_path: Path, change: dict[str, object], words: str) -> None:
    path = settings_file(tmp_path / "xray.yaml", "https://xray.example.com")
    with pytest.raises(RunError, match=words):
        settings.load(settings_file(path, **{"url": "https://xray.example.com"} | change))  # type: ignore[arg-type]


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XRAY_CLIENT_ID", "one")
    monkeypatch.delenv("XRAY_CLIENT_SECRET", raising=False)
    with pytest.raises(RunError, match="XRAY_CLIENT_SECRET is not set"):
        settings.credentials()
    assert CLIENT_SECRET not in repr(GOOD)
