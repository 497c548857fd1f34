"""What can be asked of a view by name: of its answer, what follows from it, and what the server says now."""

from __future__ import annotations

import json
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.server.client import Exchange
from focus_core.views import fields, opening
from focus_core.views.view import View, ViewAnswer, ViewRequest, ViewType

RAW: dict[str, Any] = {"lines_dt": 0.01, "frequencies_list": [0.0, 2.0, 4.0], "stream_port": 12301}
METADATA: dict[str, Any] = {
    "nfft": 512,
    "channels": {"min": 11, "max": 20},
    "frequencyRange": {"min": 0, "max": 500},
    "timeStatus": "Live",
}


class Server:
    """Answers the metadata and the state of any job."""

    def __init__(self, metadata: Any, status: int = 200) -> None:
        self.body, self.status = metadata, status

    def metadata(self, _job_id: str) -> Exchange:
        return Exchange("GET", "", "", 200, {"Content-Type": "application/json"}, json.dumps(self.body), 0)

    def job_status(self, _job_id: str) -> Exchange:
        body = json.dumps({"status": "running"})
        return Exchange("GET", "", "", self.status, {"Content-Type": "application/json"}, body, 0)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Any:
    def answer(metadata: Any = METADATA, status: int = 200) -> None:
        server = Server(metadata, status)
        for module in (fields, opening):
            monkeypatch.setattr(module, "client", lambda: server)
            monkeypatch.setattr(module, "check_answer", lambda *_: None)

    return answer


def view() -> View:
    request = ViewRequest(ViewType.MultiChannel, (1, 3), 1024, (0, 1000), 10, 1000)
    return View(request, ViewAnswer("1-1", 3, 12301, "http://x", RAW), Exchange("POST", "", "", 200, {}, "", 0))


def test_fields_come_from_the_answer_and_from_what_follows_of_it() -> None:
    assert fields.field_of(view(), "stream_port") == 12301
    assert fields.field_of(view(), "Rows a second") == 100
    assert str(fields.field_of(view(), "last frequency")) == "4 Hz"


def test_what_a_view_shows_now_comes_from_the_server(answers: Any) -> None:
    answers()
    assert fields.field_of(view(), "nfft") == 512
    assert [str(fields.field_of(view(), name)) for name in ("channels", "frequency")] == ["11-20", "0-500 Hz"]
    assert fields.field_of(view(), "time_status") == "Live"
    assert fields.field_of(view(), "state") == "running"
    answers(status=404)
    assert fields.field_of(view(), "state") == "gone"


def test_values_of_another_type_are_shown_as_they_are(answers: Any) -> None:
    answers(METADATA | {"channels": {"min": "11", "max": 20}, "frequencyRange": None})
    assert fields.field_of(view(), "channels") == "'11'-20"
    assert fields.field_of(view(), "frequency") is None


def test_an_unknown_field_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BenchError, match=r"no field 'nffts'; its fields are status, .*, step_deviation, .*, nfft"):
        fields.field_of(view(), "nffts")


def test_metadata_that_are_no_object_are_a_failure(answers: Any) -> None:
    answers([1])
    with pytest.raises(AssertionError, match=r"metadata of the .* are not an object: \[1\]"):
        fields.metadata_of(view())
