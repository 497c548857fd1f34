"""A number of views that grows: how healthy a step is, where it breaks, and what is closed again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Percent, Seconds
from focus_core.load import growth
from focus_core.load.growth import Growth, LoadStep, LoadSteps
from focus_core.server.client import Exchange
from focus_core.streams.client import StreamReading
from focus_core.views.view import ViewRequest, Views, ViewType

REQUEST = ViewRequest(ViewType.MultiChannel, (1, 3), 1024, (0, 1000), 10, 10)


class Server:
    """Carries so many views; those beyond are refused, or give no frames."""

    def __init__(self, room: int = 100, liveness_s: float = 0.01) -> None:
        self.room, self.liveness_s = room, liveness_s
        self.opened = 0
        self.busy = 0
        self.removed: list[str] = []

    def authorization(self) -> dict[str, str]:
        return {}

    def configure(self, _body: object) -> Exchange:
        if self.opened >= self.room:
            return answered(503, {"error": "full"})
        self.opened += 1
        job = f"{self.opened}-{self.opened}"
        return answered(200, {"job_id": job, "stream_amount": 1, "stream_port": 1, "stream_url": "http://x"})

    def send(self, method: str, path: str) -> Exchange:
        return Exchange(method, path, "", 200, {}, "", self.liveness_s)

    def remove_job(self, job_id: str) -> None:
        if self.busy:
            self.busy -= 1
            raise BenchError("DELETE answered 503")
        self.removed.append(job_id)

    def job_status(self, job_id: str) -> Exchange:
        return answered(404 if job_id in self.removed else 200, {})

    def metadata(self, _job_id: str) -> Exchange:
        return answered(200, {"timeStatus": "Live"})


def answered(status: int, body: dict[str, Any]) -> Exchange:
    return Exchange("POST", "/configure", "", status, {"Content-Type": "application/json"}, json.dumps(body), 0.1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "read_stream", frames)


def frames(_target: str, stream: int, *, timeout: float, enough: Callable[[list[Any]], bool]) -> StreamReading:
    end = time.monotonic() + min(timeout, 5)
    while time.monotonic() < end and not enough([None]):
        time.sleep(0.02)
    return StreamReading(stream)


def grow(server: Any, levels: list[int], seen: list[LoadStep] | None = None) -> LoadSteps:
    grown = Growth([server], windows=100, liveness_s=1, first_frame_s=0.3)
    try:
        return grown.to(levels, lambda: REQUEST, 0.05, (seen if seen is not None else []).append)
    finally:
        grown.end()


def test_every_view_that_gives_frames_is_open() -> None:
    seen: list[LoadStep] = []
    steps = grow(Server(), [2, 4, 5], seen)
    assert [(step.views, step.asked, step.open_views, step.health) for step in steps] == [
        (2, 2, 2, "healthy"),
        (4, 2, 4, "healthy"),
        (5, 1, 5, "healthy"),
    ]
    assert seen == steps
    assert (steps.most_open, steps.breakpoint, steps.open_share, len(steps.opened)) == (5, 5, 100, 5)


def test_a_site_that_is_full_breaks_where_it_is() -> None:
    steps = grow(Server(room=5), [4, 6, 10, 14, 20])
    assert [step.health for step in steps] == ["healthy", "degraded", "unhealthy", "unhealthy"]
    assert steps[1].refusals == (503,)
    assert (steps.breakpoint, steps.most_open, steps.open_share) == (4, 5, 25)


def test_a_server_that_answers_late_is_not_healthy() -> None:
    assert [step.health for step in grow(Server(liveness_s=2), [1, 2])] == ["degraded", "degraded"]


def test_views_without_frames_are_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "read_stream", lambda *_, **__: None)
    (step, *_) = grow(Server(), [2, 3])
    assert (step.accepted, step.open_views, step.health) == (2, 0, "unhealthy")


def test_levels_end_with_the_last() -> None:
    assert growth.levels(2, 10, 2) == [2, 4, 6, 8, 10]
    assert growth.levels(30, 100, 40) == [30, 70, 100]
    assert growth.levels(5, 5, 5) == [5]


def test_a_busy_server_is_asked_again_to_remove_views() -> None:
    server: Any = Server()
    opened = grow(server, [3]).opened
    server.busy = 2
    growth.close(opened, lambda _: server, 5)
    assert sorted(server.removed) == ["1-1", "2-2", "3-3"]
    assert growth.removed_share(opened, lambda _: server) == 100
    server.busy = 1000
    with pytest.raises(BenchError, match="3 of 3 views were not removed: DELETE answered 503"):
        growth.close(opened, lambda _: server, 0)


def test_views_of_another_kind_are_named() -> None:
    server: Any = Server()
    opened = grow(server, [1]).opened
    assert growth.of_another_kind(opened, lambda _: server, "live") == []
    assert growth.of_another_kind(opened, lambda _: server, "historic") == ["job 1-1 has the timeStatus 'Live'"]


def test_nothing_that_was_ever_open_has_no_breakpoint() -> None:
    step = LoadStep(2, 2, 0, 0, Percent(0), Seconds(0), Seconds(0), (503, 503), "unhealthy")
    assert LoadSteps([step], Views(), 2).breakpoint == 0
    assert str(step) == "step to 2 views: 0 open, unhealthy"
