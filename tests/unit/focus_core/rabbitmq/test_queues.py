"""Queues that a tester means: of a view, by name, by routing key."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.rabbitmq.management import Binding, Queue
from focus_core.rabbitmq.queues import QueueFilter, bindings, find

QUEUES = [
    Queue("webapp-alerts", durable=True),
    Queue("grpc-job-7-1-frames", durable=True),
    Queue("grpc-job-7-10-frames", durable=False),
    Queue("focus-test-of-another", durable=False, exclusive=True),
]
BINDINGS = [
    Binding("webapp-alerts", "Algorithm.AlertReport.#"),
    Binding("focus-test-of-another", "Algorithm.AlertReport.#"),
    Binding("grpc-job-7-1-frames", "roi"),
]


def client() -> Any:
    return SimpleNamespace(
        queues=lambda: QUEUES, bindings=lambda _exchange: BINDINGS, counted=lambda queues: ["counted", *queues]
    )


@pytest.mark.parametrize(
    ("wanted", "names", "words"),
    [
        (
            QueueFilter(),
            ["grpc-job-7-1-frames", "grpc-job-7-10-frames", "webapp-alerts"],
            "queues",
        ),
        (QueueFilter(job_id="7-1"), ["grpc-job-7-1-frames"], "queues of job 7-1"),
        (QueueFilter(job_id="17-1"), [], "queues of job 17-1"),
        (QueueFilter(name="grpc-*"), ["grpc-job-7-1-frames", "grpc-job-7-10-frames"], "queues named grpc-*"),
        (QueueFilter(name="focus-test-*"), [], "queues named focus-test-*"),
        (
            QueueFilter(name="focus-test-of-another"),
            ["focus-test-of-another"],
            "queues named focus-test-of-another",
        ),
        (
            QueueFilter(key="Algorithm.AlertReport"),
            ["webapp-alerts"],
            "queues bound for Algorithm.AlertReport",
        ),
        (
            QueueFilter(exchange="commands"),
            ["grpc-job-7-1-frames", "webapp-alerts"],
            "queues bound at exchange 'commands'",
        ),
        (QueueFilter(durable=False), ["grpc-job-7-10-frames"], "queues that are not durable"),
    ],
    ids=lambda value: str(value) if isinstance(value, QueueFilter) else "",
)
def test_the_queues_that_are_meant(wanted: QueueFilter, names: list[str], words: str) -> None:
    assert [queue.name for queue in find(client(), wanted)] == names
    assert str(wanted) == words


def test_a_length_or_a_size_limits_a_queue() -> None:
    assert Queue("q", durable=True, arguments={"x-max-length": 1}).limited
    assert Queue("q", durable=True, arguments={"x-max-length-bytes": 1}).limited
    assert not Queue("q", durable=True, arguments={"x-expires": 1}).limited


def test_they_are_counted_where_that_is_asked() -> None:
    assert find(client(), QueueFilter(job_id="7-1"), counted=True)[0] == "counted"


def test_bindings_of_a_queue_or_a_key() -> None:
    assert bindings(client(), queue="webapp-*") == BINDINGS[:1]
    assert bindings(client(), key="roi") == BINDINGS[2:]
    assert bindings(client()) == BINDINGS
