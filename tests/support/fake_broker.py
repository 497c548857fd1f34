"""A broker that answers what a test sets, and otherwise what is right."""

from types import SimpleNamespace
from typing import Any

from focus_core.rabbitmq.management import Binding, BrokerState, Queue

COMMANDS = Queue("grpc-job-7-12-commands", durable=True, arguments={"x-max-length": 1})
OWN = Queue("grpc-job-7-12-frames", durable=True, arguments={"x-max-length-bytes": 1})


def broker(**facts: Any) -> Any:
    """A broker of which only `facts` differ from a right one; those of the management API stand beside the others."""
    management: dict[str, Any] = {
        "connections": [],
        "consumers_of": {"c"},
        "close_connection": None,
    }
    right: dict[str, Any] = {
        "version": "4.1",
        "queues": [OWN, COMMANDS, Queue("webapp-alerts", durable=True)],
        "bindings": [Binding("webapp-alerts", "Algorithm.AlertReport.#"), Binding(COMMANDS.name, "roi")],
        "is_routed": False,
        "connections_until_now": [],
        "broker": BrokerState("4.1", ("n",), (), ()),
    }
    unknown = facts.keys() - management.keys() - right.keys()
    assert not unknown
    answers = {name: facts.get(name, value) for name, value in {**right, **management}.items()}
    made = {name: (lambda *_a, found=found, **_o: found) for name, found in answers.items()}
    return SimpleNamespace(
        exchange="prisma",
        address="broker:1",
        management=SimpleNamespace(**{name: made[name] for name in management}),
        **{name: made[name] for name in right},
    )
