"""The queues of a view: which are its own, and which commands reach them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.waiting import WaitTimeout
from focus_core.rabbitmq import view_queues
from focus_core.rabbitmq.management import Binding, Queue

OWN = Queue("grpc-job-7-12-frames", durable=True, arguments={"x-max-length-bytes": 1})
COMMANDS = Queue("grpc-job-7-12-commands", durable=True, arguments={"x-max-length": 1})
OTHERS = [Queue("grpc-job-17-12-frames", durable=True), Queue("recorder_input", durable=True)]


def broker(*queues: Queue) -> Any:
    bound = [Binding(COMMANDS.name, "#")]
    return SimpleNamespace(queues=lambda: list(queues), bindings=lambda _exchange: bound)


def test_the_queue_of_commands_comes_last() -> None:
    assert view_queues.wait_for_queues(broker(COMMANDS, *OTHERS, OWN), "7-12", timeout=0) == [OWN, COMMANDS]


@pytest.mark.parametrize("there", [[], [OWN], [COMMANDS], OTHERS])
def test_a_queue_that_does_not_come_is_reported(there: list[Queue]) -> None:
    with pytest.raises(WaitTimeout, match="Job 7-12 has a queue of its own and one for commands: waited 0 s"):
        view_queues.wait_for_queues(broker(*there), "7-12", timeout=0)


@pytest.mark.parametrize(
    ("pattern", "key", "fits"),
    [
        ("#", "roi", True),
        ("roi", "roi", True),
        ("roi", "caxis", False),
        ("a.*", "a.b", True),
        ("a.*", "a", False),
        ("a.*", "a.b.c", False),
        ("a.#", "a", True),
        ("a.#", "a.b.c", True),
        ("#.c", "a.b.c", True),
        ("#.c", "a.b", False),
        ("*", "", True),
    ],
)
def test_topics(pattern: str, key: str, fits: bool) -> None:
    assert view_queues.topic_matches(pattern, key) is fits
