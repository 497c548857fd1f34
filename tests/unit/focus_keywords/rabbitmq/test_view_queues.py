"""Keywords about the queues of a view where the site is wrong: each names the fault."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.rabbitmq.management import Queue
from focus_core.run import clients
from focus_keywords.rabbitmq.view_queues import ViewQueues
from support.fake_broker import broker

SITE = SimpleNamespace(
    job_prefix="grpc-job-",
    timings=SimpleNamespace(job_running_s=0.1),
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


def test_a_command_without_a_binding_is_named() -> None:
    with pytest.raises(AssertionError, match=r"'keepalive' does not reach queue .*; it is bound to roi only"):
        keywords().command_should_reach_the_queue_of(VIEW, "keepalive")


def test_a_queue_that_appeared_is_named() -> None:
    library = keywords(queues=[Queue("grpc-job-7-12-frames", durable=True), Queue("other", durable=True)])
    library.no_queue_should_have_appeared_since(library.list_queues_of_views())
    with pytest.raises(AssertionError, match=r"left queues:\n- grpc-job-7-12-frames$"):
        library.no_queue_should_have_appeared_since(frozenset())
