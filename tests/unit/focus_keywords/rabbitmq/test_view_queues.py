"""Keywords about the queues of a view where the site is wrong: each names the fault."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.waiting import WaitTimeout
from focus_core.rabbitmq import view_queues
from focus_core.rabbitmq.management import Queue
from focus_core.run import clients
from focus_keywords.rabbitmq.view_queues import ViewQueues
from support.fake_broker import COMMANDS, OWN, broker

SITE = SimpleNamespace(
    job_prefix="grpc-job-",
    timings=SimpleNamespace(job_running_s=0.1, job_removed_s=0.1, first_frame_s=0.1),
)
VIEW: Any = SimpleNamespace(job_id="7-12")
# The client that the keywords ask: the last one that a test made.
ASKED: list[Any] = []


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focus_keywords.rabbitmq.view_queues.site", lambda: SITE)
    monkeypatch.setattr(clients, "rabbitmq", lambda: ASKED[-1])


def keywords(**facts: Any) -> ViewQueues:
    ASKED.append(broker(**facts))
    return ViewQueues()


def test_right_queues_pass() -> None:
    keywords().view_should_have_its_queues(VIEW)
    keywords().commands_of_view_should_be_read(VIEW)
    keywords(queues=[]).queues_of_view_should_be_gone(VIEW)


def test_queues_and_commands_of_a_view() -> None:
    with pytest.raises(AssertionError, match="grpc-job-7-12-frames: it is not durable"):
        loose = Queue(OWN.name, durable=False, arguments=OWN.arguments)
        keywords(queues=[loose, COMMANDS]).view_should_have_its_queues(VIEW)
    with pytest.raises(AssertionError, match=r"'keepalive' does not reach queue .*; it is bound to roi only"):
        keywords().command_should_reach_the_queue_of(VIEW, "keepalive")
    with pytest.raises(WaitTimeout, match="3 commands wait"):
        keywords(ready_messages=3).commands_of_view_should_be_read(VIEW)


def test_queues_of_a_view_carry_its_id() -> None:
    names = ["grpc-job-7-12-frames", "grpc-job-17-12-frames", "grpc-job-7-120-frames", "webapp-alerts"]
    assert view_queues.queues_of("7-12", names) == ["grpc-job-7-12-frames"]
    library = keywords(queues=[Queue(name, durable=True) for name in names])
    assert library.queues_of_view_should_be_there(VIEW) == ["grpc-job-7-12-frames"]
    with pytest.raises(AssertionError, match="- queue grpc-job-7-12-frames is still there"):
        library.queues_of_view_should_be_gone(VIEW)
    with pytest.raises(AssertionError, match="has a queue of job 7-12: waited"):
        keywords(queues=[]).queues_of_view_should_be_there(VIEW)


def test_a_queue_that_appeared_is_named() -> None:
    library = keywords(queues=[Queue("grpc-job-7-12-frames", durable=True), Queue("other", durable=True)])
    library.no_queue_should_have_appeared_since(library.list_queues_of_views())
    with pytest.raises(AssertionError, match=r"left queues:\n- grpc-job-7-12-frames$"):
        library.no_queue_should_have_appeared_since(frozenset())
