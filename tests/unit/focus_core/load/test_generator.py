"""The load driver against small servers: what it counts, when it stops, what it removes."""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.load import profiles
from focus_core.load.generator import Generator, in_turn
from focus_core.load.http1 import Address
from focus_core.load.plan import Action, Critical, HeldViews, Phase, Plan, Publish, Request, Until, request
from focus_core.load.result import Interval, Outcome, Result
from support.loopback import Answer, free_port, http_server, https_server


def load(url: str, *actions: Action, rate: float = 100, seconds: float = 0.15, **options: Any) -> Result:
    """The result of a short load, made in this process."""
    phases = options.pop("phases", profiles.constant(rate, seconds))
    plan = Plan(phases, actions, urls={"focus": url}, **options)

    async def carry_out() -> Result:
        return await Generator(plan).run()

    return asyncio.run(carry_out())


def test_every_action_that_is_due_is_asked_and_counted(bare_server: Any) -> None:
    shown: list[Interval] = []
    plan = Plan(
        profiles.constant(165, 0.4),
        (request("GET /ack", weight=2), request("GET /slow/100"), request("POST /status/503", {"a": 1})),
        urls={"focus": bare_server.url},
    )

    async def carry_out() -> Result:
        return await Generator(plan, shown.append).run()

    result = asyncio.run(carry_out())
    assert (result.asked, result.ended, result.left) == (66, "", ())
    fast, slow, refused = result.actions
    assert [(one.asked, one.succeeded) for one in result.actions] == [(33, 33), (17, 17), (16, 0)]
    assert (refused.statuses, refused.errors) == ({"503": 16}, {"status 503": 16})
    assert (refused.total.count, slow.total.count) == (0, 17)
    assert slow.total.fastest >= 0.1
    assert slow.service.fastest >= 0.1
    assert slow.first_byte.fastest >= 0.1
    assert fast.service.slowest <= fast.total.slowest
    assert shown == list(result.intervals[: len(shown)])
    sums = [sum(getattr(one, counted) for one in result.intervals) for counted in ("asked", "succeeded", "failed")]
    assert sums == [66, 50, 16]
    assert result.intervals[0].connections > 0
    assert result.late.count == 66
    assert result.cpu > 0
    assert abs(result.begun - time.time()) < 60


def test_connections_are_kept_unless_a_load_does_without(bare_server: Any) -> None:
    assert load(bare_server.url, request("GET /ack")).connect.count < 8
    assert load(bare_server.url, request("GET /ack"), keep_alive=False).connect.count == 15


def test_what_is_due_while_all_connections_are_busy_waits_and_its_clock_runs(bare_server: Any) -> None:
    result = load(bare_server.url, request("GET /slow/50"), connections=1, rate=80, seconds=0.1)
    whole = result.whole
    assert (whole.succeeded, result.connect.count) == (8, 1)
    # 8 answers of 50 ms one after the other, although the last was due after 88 ms.
    assert whole.total.slowest > 0.3
    assert whole.service.percentile(50) < 0.15


def test_a_server_that_is_not_there_is_counted_by_cause() -> None:
    result = load(f"http://127.0.0.1:{free_port()}", request("GET /ack"), rate=40)
    assert (result.whole.asked, result.whole.errors) == (6, {"connection refused": 6})
    assert not result.invalid() or "late" in result.invalid()[0]


def test_an_answer_that_does_not_come_in_time_is_a_timeout_of_that_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        result = load(f"http://127.0.0.1:{silent.getsockname()[1]}", request("GET /ack"), rate=40, timeout_s=0.3)
    assert result.whole.errors == {"timeout": 6}
    assert result.whole.total.fastest >= 0.29
    assert result.ended == ""


@pytest.mark.parametrize(("words", "cause"), [(b"", "connection lost"), (b"hello?\r\n\r\n", "no HTTP")])
def test_what_is_no_answer_is_named(words: bytes, cause: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(words)
        writer.close()

    async def carry_out() -> Result:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            plan = Plan(profiles.constant(20, 0.2), (request("GET /ack"),), urls={"focus": url})
            return await Generator(plan).run()

    assert asyncio.run(carry_out()).whole.errors == {cause: 4}


def test_tls_is_verified(tmp_path: Path) -> None:
    with https_server(tmp_path) as url:
        refused = load(url, request("GET /ack"), rate=20, seconds=0.1)
    assert [cause[:4] for cause in refused.whole.errors] == ["TLS "]
    assert Address.of_url("https://host/focus-server/").authority == "host"
    assert Address.of_url("http://[::1]:5000").authority == "[::1]:5000"


@pytest.mark.nightly
def test_a_load_stops_when_a_critical_limit_breaks(bare_server: Any) -> None:
    result = load(
        bare_server.url, request("GET /status/500"), rate=40, seconds=20, critical=(Critical("errors", 50, 1),)
    )
    assert (result.ended, result.asked < 200) == ("critical", True)
    assert result.why == "A critical limit was broken: errors over 1 s above 50 % (100)."


def test_a_load_stops_when_it_is_told_and_counts_what_had_not_ended(
    bare_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(profiles.constant(20, 60), (request("GET /slow/60000"),), urls={"focus": bare_server.url})

    async def carry_out() -> Result:
        generator = Generator(plan)
        asyncio.get_running_loop().call_later(0.4, generator.stop)
        return await generator.run()

    monkeypatch.setattr("focus_core.load.generator._STOPPING_S", 0.1)
    result = asyncio.run(carry_out())
    assert (result.ended, result.why) == ("stopped", "The load was stopped.")
    assert 0 < result.asked <= 10
    assert result.whole.errors == {"not ended": result.asked}


def test_a_load_ends_at_its_deadline(bare_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Plan, "patience_s", 0.2)
    result = load(bare_server.url, request("GET /slow/60000"), rate=20)
    assert (result.ended, result.why) == ("deadline", "3 actions did not end within 0.2 s.")
    assert result.whole.errors == {"not ended": 3}


def test_several_generators_share_the_schedule(bare_server: Any) -> None:
    parts = [load(bare_server.url, request("GET /ack"), rate=100, seconds=0.1, share=(n, 3)) for n in (1, 2, 3)]
    assert [part.asked for part in parts] == [4, 3, 3]


def test_a_load_that_is_ready_too_late_is_a_fault_of_the_bench(bare_server: Any) -> None:
    begun = time.time() + 0.3
    assert load(bare_server.url, request("GET /ack"), start_at=begun).begun == pytest.approx(begun, abs=0.01)
    views = Views()
    with http_server(views.answers()) as server, pytest.raises(BenchError, match="moment at which it had to begin"):
        held = HeldViews(2, ("{}",), first_frame_s=0.01)
        load(server.url, views=held, start_at=time.time() - 1)
    assert views.open == set()


def test_bodies_are_sent_in_turn_and_numbered() -> None:
    with http_server({"POST /alerts": Answer(201, {})}) as server:
        action = Action((Request("POST", "/alerts", ('{"id": "a-$number"}', '{"id": "b-$number"}'), statuses=(201,)),))
        assert load(server.url, action, rate=20, seconds=0.2).whole.succeeded == 4
    assert sorted(one.body["id"] for one in server.requests) == ["a-0", "a-2", "b-1", "b-3"]
    assert {one.headers["Content-Type"] for one in server.requests} == {"application/json"}


CONFIGURE = Request("POST", "/configure", ("{}",), keeps=("job_id",))
RUNNING = Request("GET", "/ack/$job_id", until=Until("status", "running", every_s=0.02, within_s=0.3))
METADATA = Request("GET", "/metadata/$job_id")
CLOSE = Request("DELETE", "/job/$job_id")
SESSION = Action((CONFIGURE, RUNNING, METADATA), "session", closing=(CLOSE,))


class Views:
    """A server with views that run when they were asked for twice."""

    def __init__(self, **others: Answer) -> None:
        self.open: set[str] = set()
        self._numbers, self._asked = itertools.count(1), Counter[str]()
        self.others = others

    def answers(self) -> dict[str, Any]:
        found: dict[str, Any] = {"POST /configure": self._configure}
        for number in range(1, 20):
            job = f"{number}-{number}"
            found[f"GET /ack/{job}"] = self.others.get("ack", self._ack)
            found[f"GET /metadata/{job}"] = self.others.get("metadata", Answer(200, {}))
            found[f"DELETE /job/{job}"] = self._close
        return found

    def _configure(self, _: Any) -> Answer:
        number = next(self._numbers)
        self.open.add(f"{number}-{number}")
        return Answer(200, {"job_id": f"{number}-{number}"})

    def _ack(self, asked: Any) -> Answer:
        self._asked[asked.target] += 1
        return Answer(200, {"status": "running" if self._asked[asked.target] > 1 else "waiting"})

    def _close(self, asked: Any) -> Answer:
        self.open.remove(asked.target.rpartition("/")[2])
        return Answer(200, {})


def sessions(views: Views, action: Action = SESSION, **options: Any) -> Result:
    with http_server(views.answers()) as server:
        return load(server.url, action, rate=40, seconds=0.1, **options)


def steps(outcome: Outcome) -> dict[str, tuple[int, int]]:
    return {step.name: (step.asked, step.succeeded) for step in outcome.steps}


def test_a_session_goes_through_its_steps_and_closes_what_it_opened() -> None:
    views = Views()
    result = sessions(views)
    session = result.action("session")
    assert (session.asked, session.succeeded, session.errors) == (4, 4, {})
    assert steps(session) == {str(step): (4, 4) for step in (CONFIGURE, RUNNING, METADATA, CLOSE)}
    assert result.action(str(RUNNING)).repeated == 4
    assert session.total.percentile(50) >= 0.02
    assert (views.open, result.left) == (set(), ())


@pytest.mark.parametrize(
    ("wrong", "cause", "done"),
    [
        ({"metadata": Answer(500, {})}, "GET /metadata/$job_id: status 500", (4, 0)),
        ({"ack": Answer(200, {"status": "waiting"})}, "GET /ack/$job_id: never so", (0, 0)),
    ],
)
def test_a_session_that_fails_closes_all_the_same(wrong: Any, cause: str, done: tuple[int, int]) -> None:
    views = Views(**wrong)
    session = sessions(views).action("session")
    assert (session.succeeded, session.errors) == (0, {cause: 4})
    assert steps(session)[str(METADATA)] == done
    assert steps(session)[str(CLOSE)] == (4, 4)
    assert views.open == set()


def test_jobs_that_no_step_closes_are_removed_at_the_end() -> None:
    views = Views()
    assert sessions(views, Action((CONFIGURE,))).whole.succeeded == 4
    assert views.open == set()
    assert sessions(views, request("POST /configure", {})).whole.succeeded == 4
    assert views.open == set()


def test_a_session_needs_what_it_keeps() -> None:
    with http_server({"POST /configure": Answer(200, {})}) as server:
        result = load(server.url, SESSION, rate=20)
    assert result.whole.errors == {"POST /configure: no job_id": 3}


def test_views_that_are_not_opened_are_counted_by_cause() -> None:
    with http_server({"POST /configure": Answer(503, {"error": "full"})}) as server:
        result = load(server.url, phases=(Phase(0.2, 0),), views=HeldViews(3, ("{}",)))
    assert result.views
    assert (result.views.asked, result.views.refused, result.views.views) == (3, {"status 503": 3}, ())
    assert (result.asked, result.ended) == (0, "")


def test_what_a_plan_needs_of_a_site_is_named() -> None:
    publish = Action((Publish("key", ("{}",)),))
    with pytest.raises(BenchError, match="Messages need a site"):
        load("http://127.0.0.1:1", publish)
    with pytest.raises(BenchError, match="no address of the server 'webapp'"):
        load("http://127.0.0.1:1", request("GET /ack", server="webapp"))


def test_weights_are_kept_as_evenly_as_can_be() -> None:
    runners: Any = ["a", "b", "c"]
    assert "".join(itertools.islice(in_turn(runners, [3, 1, 2]), 12)) == "acabcaacabca"
    assert "".join(itertools.islice(in_turn(runners[:1], [3]), 3)) == "aaa"
