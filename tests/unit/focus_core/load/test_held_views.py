"""Views that are read while a load lasts: every frame counted, gaps, streams that end, views without a frame."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import grpc
import pytest
from focus_core.load.generator import Generator
from focus_core.load.plan import Action, HeldViews, Phase, Plan, ReadFrames, Request
from focus_core.load.result import Result
from focus_core.streams import client as stream_client
from focus_core.streams import datastream_pb2
from support.loopback import Answer, http_server

MESSAGES: Any = datastream_pb2
CONFIGURE = Request("POST", "/configure", ("{}",), keeps=("job_id", "stream_url", "stream_port"))


def message(row: int, age_s: float) -> Any:
    return MESSAGES.DataStream(
        timestamp_in_milis=[int((time.time() - age_s) * 1000)], row_index=[row], main_data=[bytes(100)]
    )


class Streams:
    """Stream 0 gives a row every 20 ms, each half a second old; stream 1 leaves every third row out; stream 2 ends
    after two frames; any other gives nothing."""

    def __init__(self) -> None:
        self.readers = itertools.count()

    def data(self, request: Any, context: Any) -> Iterator[Any]:
        next(self.readers)
        for row in itertools.count():
            if not context.is_active() or (request.stream_id == 2 and row == 2):
                return
            if request.stream_id < 3 and (request.stream_id != 1 or row % 3 != 2):
                yield message(row, 0.5)
            time.sleep(0.02)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = grpc.server(ThreadPoolExecutor(max_workers=16))
    handler = grpc.unary_stream_rpc_method_handler(
        Streams().data,
        request_deserializer=MESSAGES.StreamDataRequest.FromString,
        response_serializer=MESSAGES.DataStream.SerializeToString,
    )
    service, method = stream_client.METHOD.strip("/").split("/")
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
    found = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield found
    server.stop(None).wait()


def answers(streams: int, port: int) -> dict[str, Any]:
    numbers = itertools.count(1)

    def configure(_: Any) -> Answer:
        where = {"stream_amount": streams, "stream_url": "http://127.0.0.1", "stream_port": port}
        return Answer(200, {"job_id": f"{next(numbers)}-1", **where})

    removed = {f"DELETE /job/{number}-1": Answer(200, {}) for number in range(1, 9)}
    return {"POST /configure": configure, **removed}


def test_several_generators_share_the_views() -> None:
    with http_server({"POST /configure": Answer(503, {})}) as server:
        views = HeldViews(5, ("{}",))
        plans = [Plan((Phase(0.05, 0),), views=views, urls={"focus": server.url}, share=(n, 2)) for n in (1, 2)]
        outcomes = [asyncio.run(Generator(plan).run()).views for plan in plans]
    assert [outcome.asked for outcome in outcomes if outcome] == [3, 2]


def hold(streams: int, port: int, seconds: float = 0.5, **options: Any) -> Result:
    with http_server(answers(streams, port)) as server:
        views = HeldViews(2, ("{}",), **options)
        plan = Plan((Phase(seconds, 0),), views=views, urls={"focus": server.url})

        async def carry_out() -> Result:
            return await Generator(plan).run()

        result = asyncio.run(carry_out())
    removals = [one.target for one in server.requests if one.target.startswith("DELETE")]
    assert sorted(removals) == ["DELETE /job/1-1", "DELETE /job/2-1"]
    assert result.left == ()
    return result


def test_every_frame_of_every_view_is_counted(port: int) -> None:
    result = hold(1, port)
    assert result.views
    assert (result.views.gaps, result.views.reconnects, result.views.refused, result.views.silent) == (0, 0, {}, [])
    assert sorted(view.job_id for view in result.views.views) == ["1-1", "2-1"]
    for view in result.views.views:
        assert view.frames == view.rows >= 5
        assert view.bytes == 100 * view.frames
        assert (view.problem, view.streams, view.user) == ("", 1, "anonymous")
        assert 0 < view.frames_a_second <= 60
    assert 0 < result.views.fairness <= 1
    assert result.views.row_age.count == result.views.frames
    assert result.views.row_age.fastest >= 0.49
    assert (result.views.configure.count, result.views.first_frame.count) == (2, 2)
    assert 0 < sum(one.frames for one in result.intervals) <= result.views.frames


def test_rows_that_are_missing_are_gaps(port: int) -> None:
    result = hold(2, port)
    assert result.views
    for view in result.views.views:
        assert view.gaps > 0
        assert view.frames >= 5 * view.gaps - 5


def test_a_stream_that_ends_is_opened_again_so_often(port: int) -> None:
    views = hold(3, port, seconds=0.9, reconnects=1).views
    assert views
    assert [(view.reconnects, view.problem) for view in views.views] == [(1, "stream ended")] * 2


def test_a_view_without_a_frame_is_named() -> None:
    with http_server(answers(1, 1)) as server:
        views = HeldViews(1, ("{}",), first_frame_s=0.1)
        result = asyncio.run(Generator(Plan((Phase(0.1, 0),), views=views, urls={"focus": server.url})).run())
    assert result.views
    (view,) = result.views.silent
    assert (view.problem, view.first_frame, view.frames_a_second) == ("no frame", None, 0)
    assert result.views.fairness == 0


def test_a_session_reads_the_frames_of_its_view(port: int) -> None:
    read = ReadFrames(2, tries=2, every_s=0.05, within_s=1)
    closing = (Request("DELETE", "/job/$job_id"),)
    outcomes = {}
    for name, stream in (("good", 0), ("ends", 2), ("silent", 9)):
        frames = 3 if name == "ends" else 2
        step = replace(read, stream=stream, frames=frames, within_s=0.3 if name == "silent" else 2)
        with http_server(answers(1, port)) as server:
            session = Action((CONFIGURE, step), closing=closing)
            plan = Plan((Phase(0.1, 20),), (session,), urls={"focus": server.url})
            outcomes[name] = asyncio.run(Generator(plan).run()).whole
    assert [(name, outcome.succeeded, outcome.errors) for name, outcome in outcomes.items()] == [
        ("good", 2, {}),
        ("ends", 0, {"frames: stream ended": 2}),
        ("silent", 0, {"frames: no frame": 2}),
    ]


def test_a_port_that_nobody_listens_on_is_tried_again() -> None:
    step = ReadFrames(tries=3, every_s=0.02, within_s=2)
    with http_server(answers(1, 1)) as server:
        plan = Plan((Phase(0.05, 20),), (Action((CONFIGURE, step)),), urls={"focus": server.url})
        result = asyncio.run(Generator(plan).run())
    assert result.whole.errors == {"frames: unavailable": 1}
    assert result.action("frames").repeated == 2
