"""Recorded requests as words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from robot.api import TestSuite as RobotSuite

from pipeline.compose.drafting import draft
from pipeline.compose.recorded import Door, Recorded, lasting, parsed, without_secrets
from pipeline.compose.suite_text import SEPARATOR

JSON = "application/json"
VIEW = {
    "displayTimeAxisDuration": 10,
    "nfftSelection": 1024,
    "displayInfo": {"height": 1000},
    "channels": {"min": 11, "max": 109},
    "frequencyRange": {"min": 0, "max": 500},
    "start_time": None,
    "end_time": None,
    "view_type": 0,
}
OPENED = {"status": "success", "job_id": "1-6", "channel_amount": 99, "stream_amount": 3, "frequencies_amount": 256}
GONE = {"error": "Invalid job_id: there is no such job."}


def one(method: str, path: str, status: int, answer: Any = None, body: Any = None, door: Door = "rest") -> Recorded:
    return Recorded(door, method, path, body, status, answer, JSON)


def opened(job: str = "1-6", **changes: Any) -> Recorded:
    return one("POST", "/configure", 200, OPENED | {"job_id": job}, VIEW | changes)


def lines(*recorded: Recorded) -> list[str]:
    steps = draft("Recorded", recorded).steps
    return [SEPARATOR.join(step.cells) if step.cells else f"# {step.comment}" for step in steps]


def test_a_view_is_opened_as_asked_and_its_answer_checked() -> None:
    assert lines(opened()) == [
        "${view} =    Open Live View    channels=11-109    nfft=1024    frequency=0-500 Hz    duration=10"
        "    height=1000",
        "View Should Answer What Was Asked    ${view}",
        "Get View Field    ${view}    channel_amount    ==    99",
        "Get View Field    ${view}    stream_amount    ==    3",
        "Get View Field    ${view}    frequencies_amount    ==    256",
    ]


def test_a_window_becomes_a_recording_of_its_length() -> None:
    found = lines(opened(start_time=1_700_000_000, end_time=1_700_000_060))
    assert found[0] == "${recording} =    Find A Recording    at_least=60 s"
    assert found[1].startswith("${view} =    Open Historic View    ${recording}    channels=11-109")
    assert "1700" not in "".join(found)


def test_the_id_of_a_view_becomes_its_variable() -> None:
    found = lines(
        opened("1-6"),
        opened("2-7", channels={"min": 1, "max": 1}, view_type=1),
        one("GET", "/ack/2-7", 200, {"status": "running"}),
        one("GET", "/metadata/1-6", 200, {}),
        one("GET", "/waterfall/1-6/5", 201, []),
        one("POST", "/config/1-6", 200, {}, {"roi": [61, 99]}),
        one("POST", "/config_task", 200, {}, {"task_id": "1-6", "roi": [0, 50]}),
        one("GET", "/strange/2-7?x=1", 200, {}),
        one("DELETE", "/job/1-6", 200, {}),
        one("GET", "/ack/1-6", 404, GONE),
        one("GET", "/waterfall/1-6/5", 404, GONE),
    )
    assert [line for line in found if "Get View Field" not in line and "Answer What" not in line][1:] == [
        "${view2} =    Open Live View    channels=1-1    nfft=1024    frequency=0-500 Hz    duration=10"
        "    height=1000    view_type=SingleChannel",
        "View Should Be Running    ${view2}",
        "Metadata Should Match The View    ${view}",
        "Waterfall Should Hold As Many Rows As Asked For    ${view}    5",
        "${view} =    Change ROI    ${view}    channels=61-99",
        "View Should Show Channels    ${view}    61-99",
        "${view} =    Change ROI    ${view}    channels=0-50    by=config_task",
        "View Should Show Channels    ${view}    1-50",
        "${answer} =    Ask Focus Server    GET    /strange/${view2.job_id}?x\\=1",
        "Answer Should Be    ${answer}    200",
        "Close View    ${view}",
        "View Should Be Gone    ${view}",
        "Closed View Should Be Unknown To    ${view}    GET    /waterfall/${view.job_id}/5",
    ]


def test_a_view_of_before_the_recording_is_left_out_and_named() -> None:
    assert lines(one("GET", "/metadata/9-9", 200, {})) == [
        "# Left out: GET /metadata/9-9 is about a view that was opened before."
    ]


def test_a_job_that_never_was_is_not_found() -> None:
    assert lines(one("GET", "/metadata/9-9", 404, GONE)) == ["Job Should Not Be Found    GET    /metadata/9-9"]


@pytest.mark.parametrize(
    "changes",
    [
        {"view_type": 2},
        {"view_type": "0"},
        {"start_time": 1_700_000_000},
        {"start_time": "a", "end_time": "b"},
        {"channels": {"min": 1}},
        {"nfftSelection": "${x}"},
        {"displayInfo": None},
    ],
)
def test_a_view_that_words_cannot_ask_for_is_a_raw_request(changes: dict[str, Any]) -> None:
    assert lines(opened(**changes))[0].startswith("${answer} =    Ask Focus Server    POST    /configure    {")


def test_a_refused_duration_is_a_raw_request_since_the_word_sends_none() -> None:
    refusal = {"error": "Too long.", "field": "displayTimeAxisDuration"}
    assert "View Should Be Refused" not in lines(one("POST", "/configure", 400, refusal, VIEW))[0]


def test_a_refused_view_is_a_refusal_with_its_field_and_reason() -> None:
    refusal = {"error": "nfftSelection is above the maximum 4096.", "field": "nfftSelection", "allowed": [128]}
    assert lines(one("POST", "/configure", 400, refusal, VIEW | {"nfftSelection": 8192})) == [
        "View Should Be Refused    channels=11-109    nfft=8192    frequency=0-500 Hz    height=1000"
        "    field=nfftSelection    because=nfftSelection is above the maximum 4096."
    ]


def test_who_waits_asks_once() -> None:
    waiting, running = ({"status": state} for state in ("waiting", "running"))
    asked = [one("GET", "/ack/1-6", 200, state) for state in (waiting, waiting, running)]
    assert lines(opened(), *asked)[-2:] == [
        "Get View Field    ${view}    frequencies_amount    ==    256",
        "View Should Be Running    ${view}",
    ]


def test_what_has_no_word_is_a_marked_raw_request_with_what_it_answered() -> None:
    steps = draft("A", [one("POST", "/strange", 422, {"error": "No ${x}."}, {"a": "1  2"})]).steps
    assert steps[0].comment == "No word yet: POST /strange."
    assert [list(step.cells) for step in steps] == [
        ["${answer} =", "Ask Focus Server", "POST", "/strange", '{"a": "1 \\ 2"}'],
        ["Answer Should Be", "${answer}", "422"],
        ["Get Answer Field", "${answer}", "error", "==", "No \\${x}."],
    ]


def test_a_change_is_made_and_a_refused_one_refused() -> None:
    refusal = {"error": "roi starts after it ends.", "field": "roi", "allowed": "0 <= start < end"}
    found = lines(
        opened(),
        one("POST", "/config/1-6", 200, {}, {"nfftSelection": 512, "displayInfo": {"height": 100}}),
        one("POST", "/config/1-6", 400, refusal, {"roi": [50, 1]}),
        one("POST", "/config_task", 422, {"detail": []}, {"task_id": "1-6", "roi": [50]}),
    )
    assert found[5:9] == [
        "${view} =    Change View    ${view}    nfft=512    height=100",
        "Metadata Should Match The View    ${view}",
        'Change Should Be Refused    ${view}    {"roi": [50, 1]}    field=roi    because=roi starts after it ends.'
        "    status=400",
        '${answer} =    Ask Focus Server    POST    /config_task    {"task_id": "${view.job_id}", "roi": [50]}',
    ]


def test_times_of_a_request_that_has_no_word_are_marked() -> None:
    asked = one("POST", "/recordings_in_time_range", 400, {}, {"start_time": 1_795_981_754, "end_time": 1_795_981_000})
    assert draft("A", [asked]).steps[0].comment == (
        "No word yet: POST /recordings_in_time_range. Its times are those of the recording: give others."
    )


def test_a_list_of_recordings_is_compared_with_mongodb() -> None:
    asked = [one("POST", "/recordings_in_time_range", 200, answer, {"start_time": 1}) for answer in ([[1, 2]], [])]
    made = draft("A", [asked[0], one("GET", "/get_recordings_timeline", 200), asked[1]])
    assert [SEPARATOR.join(step.cells) for step in made.steps] == [
        "Recordings Should Be Listed As MongoDB Holds Them    the last day",
        "Timeline Should Name Each Recording",
        "Recordings Should Be Listed As MongoDB Holds Them    before all recordings",
    ]
    assert "Open Site    rest    mongodb" in made.text()


def test_a_malformed_view_is_sent_as_it_was() -> None:
    body = {name: value for name, value in VIEW.items() if name != "channels"}
    assert lines(one("POST", "/configure", 422, {"detail": []}, body))[0].startswith(
        "${answer} =    Ask Focus Server    POST    /configure    {"
    )


def test_a_login_is_left_to_the_words_and_an_alert_is_sent() -> None:
    alert = {"alertsAmount": 1, "dofM": 1250, "classId": 104, "severity": 3, "alertIds": ["x"]}
    made = draft(
        "A",
        [
            one("POST", "/auth/login", 201, {}, {"username": "x", "password": "<secret>"}, "webapp"),
            one("POST", "/prisma-210-1000/api/push-to-rabbit", 201, {}, alert, "webapp"),
            one("GET", "/prisma-210-1000/api/region", 200, [], None, "webapp"),
        ],
    )
    assert [list(step.cells) for step in made.steps] == [
        ["Alert Should Reach The Operator", "SD", "high", "1250 m"],
        [],
    ]
    assert made.steps[1].comment == "No word yet: the web app answered 200 to GET /prisma-210-1000/api/region."
    assert "Open Site    rest    webapp    rabbitmq" in made.text()


def test_secrets_and_what_passes_are_no_checks() -> None:
    answer = {
        "prr": 2000,
        "start_time": 1,
        "uptime": 5,
        "token": "abc",
        "sw_version": "11",
        "at": 1_700_000_000,
        "name": "x",
        "list": [1],
    }
    assert dict(lasting(answer)) == {"prr": "2000", "name": "x"}
    assert without_secrets({"a": [{"Password": "x"}], "b": 1}) == {"a": [{"Password": "<secret>"}], "b": 1}
    assert parsed(b'{"access_token": "x"}') == {"access_token": "<secret>"}
    assert parsed(b"no JSON") == "no JSON"
    assert parsed(b"") is None


def test_every_word_of_a_draft_is_known_with_its_arguments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refusal = {"error": "nfftSelection is above the maximum 4096.", "field": "nfftSelection"}
    alert = {"alertsAmount": 2, "dofM": 1250, "classId": 104, "severity": 3, "alertIds": ["x", "y"]}
    made = draft(
        "Recorded",
        [
            one("GET", "/ack", 200, {}),
            one("GET", "/channels", 200, {"lowest_channel": 1}),
            opened(start_time=1_700_000_000, end_time=1_700_000_060),
            one("GET", "/ack/1-6", 200, {"status": "waiting"}),
            one("GET", "/metadata/1-6", 200, {}),
            one("GET", "/ack/1-6", 200, {"status": "running"}),
            one("GET", "/waterfall/1-6/5", 200, []),
            one("POST", "/config/1-6", 200, {}, {"roi": [61, 99]}),
            one("POST", "/config_task", 200, {}, {"task_id": "1-6", "roi": [61, 90]}),
            one("POST", "/configure", 400, refusal, VIEW),
            one("POST", "/config/1-6", 400, {"error": "roi is wrong.", "field": "roi"}, {"roi": [9, 1]}),
            one("POST", "/config/1-6", 200, {}, {"nfftSelection": 512}),
            one("POST", "/recordings_in_time_range", 200, [[1, 2]], {"start_time": 1, "end_time": 2}),
            one("GET", "/get_recordings_timeline", 200),
            one("GET", "/metadata/9-9", 404, GONE),
            one("DELETE", "/job/1-6", 200, {}),
            one("GET", "/ack/1-6", 404, GONE),
            one("GET", "/metadata/1-6", 404, GONE),
            one("POST", "/push-to-rabbit", 201, {}, alert, "webapp"),
        ],
    )
    path = tmp_path / "recorded.robot"
    path.write_text(made.text())
    result = RobotSuite.from_file_system(path).run(dryrun=True, output=None, console="none")
    assert result.return_code == 0, result.suite.tests[0].message
    assert "ERROR" not in capsys.readouterr().err
