"""Commands to a running analyser: the exchange they travel through, and what a valid one looks like.

A command is a JSON object; its routing key names it. With ``job_id`` it is meant for that job, without for all jobs.
The Focus Server adds ``view`` (NFFT, frequency range, seconds a row) to its own commands, so that a change of a view is
one message.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeGuard

from simulator.defects import active

EXCHANGE = "baby_analyzer_commands"
ROI = "roi"
ROI_TYPE = "RegionOfInterestCommand"
COLORMAPS = ("parula", "grayscale", "jet")
# The queue of a job that nobody looks at must not grow for ever, nor outlive a job whose cleanup-job was killed.
QUEUE_ARGUMENTS = {"x-max-length": 1000, "x-expires": 600_000}

Command = dict[str, Any]


class CommandError(ValueError):
    """A command that is refused; the text names the reason."""


def queue_name(job_id: str) -> str:
    """Return the name of the queue through which a job gets its commands."""
    return f"grpc-job-{job_id}-commands"


def declare(channel: Any, job_id: str) -> None:
    """Make exchange and queue of a job's commands at a pika channel, and bind them; what is there already stays."""
    declare_exchange(channel)
    channel.queue_declare(queue_name(job_id), durable=True, arguments=QUEUE_ARGUMENTS)
    channel.queue_bind(queue_name(job_id), EXCHANGE, ROI if active("commands-half-bound") else "#")


def declare_exchange(channel: Any) -> None:
    """Make the exchange at a pika channel; what is there already stays."""
    channel.exchange_declare(EXCHANGE, exchange_type="topic", durable=not active("commands-exchange-transient"))


def read(routing_key: str, body: bytes) -> Command:
    """Return the command. Raises CommandError when its key, type or value is not a valid one."""
    try:
        command = json.loads(body)
    except ValueError:
        raise CommandError("the body is not JSON") from None
    if routing_key not in _COMMANDS:
        raise CommandError(f"there is no command with the routing key {routing_key[:40]!r}")
    kind, field, check = _COMMANDS[routing_key]
    if not isinstance(command, dict) or command.get("type") != kind:
        raise CommandError(f"the type must be {kind}")
    if not isinstance(command.get("job_id", ""), str):
        raise CommandError("job_id must be a string")
    problem = check(command.get(field), command)
    if problem:
        raise CommandError(f"{field} {problem}")
    return command


def region(value: dict[str, int], highest_channel: int) -> tuple[int, int]:
    """Return first and last channel of a region, cut to the channels of the fibre.

    Raises CommandError when the region lies beyond the fibre.
    """
    if value["start"] > highest_channel:
        raise CommandError(f"value lies beyond the last channel, {highest_channel}")
    return max(1, value["start"]), min(highest_channel, max(1, value["end"]))


def _number(value: object, *, above: float | None = None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return above is None or value > above


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _keepalive(value: Any, _command: Command) -> str:
    good = isinstance(value, dict) and isinstance(value.get("source"), str) and bool(value["source"])
    return "" if good else "must name its source"


def _input_changed(value: Any, _command: Command) -> str:
    if not isinstance(value, dict):
        return "must be an object"
    for name in ("prr", "num_samples_per_trace"):
        if not _number(value.get(name), above=0):
            return f"must have a positive {name}"
    return "" if isinstance(value.get("dtype"), str) and value["dtype"] else "must have a dtype"


def _colormap(value: Any, _command: Command) -> str:
    return "" if value in COLORMAPS else f"must be one of {', '.join(COLORMAPS)}"


def _caxis(value: Any, _command: Command) -> str:
    good = isinstance(value, dict) and _number(value.get("min")) and _number(value.get("max"), above=value["min"])
    return "" if good else "must have a min and a max above it"


def _roi(value: Any, command: Command) -> str:
    start, end = (value.get("start"), value.get("end")) if isinstance(value, dict) else (None, None)
    if not _whole(start) or not _whole(end):
        return "must have whole numbers as start and end"
    if start < 0:
        return "must not start below 0"
    # The one channel of a single channel view moves too; only the Focus Server knows which views are such.
    return "" if end > start or (end == start and "view" in command) else "must end above its start"


def _monitor_queues(value: Any, _command: Command) -> str:
    names = value.get("queues_to_monitor") if isinstance(value, dict) else None
    good = isinstance(names, list) and bool(names) and all(isinstance(name, str) and name for name in names)
    return "" if good else "must list the queues_to_monitor"


# Routing key -> type of the command, the field that holds its value, and what is wrong with a value ("" for nothing).
_COMMANDS: dict[str, tuple[str, str, Callable[[Any, Command], str]]] = {
    "keepalive": ("KeepaliveCommand", "value", _keepalive),
    "input_changed": ("InputChangedCommand", "metadata", _input_changed),
    "colormap": ("ColormapCommand", "value", _colormap),
    "caxis": ("CaxisCommand", "value", _caxis),
    ROI: (ROI_TYPE, "value", _roi),
    "monitor_queues": ("MonitorQueuesCommand", "value", _monitor_queues),
}
