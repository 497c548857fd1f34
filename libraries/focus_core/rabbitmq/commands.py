"""Commands to the job of a view, which travel through an exchange of their own (site-contract 6)."""

from dataclasses import dataclass
from typing import Any

COMMAND_EXCHANGE = "baby_analyzer_commands"


@dataclass(frozen=True)
class Command:
    """What a command is called in its message, the member that holds its value, and a value that every job takes."""

    type: str
    member: str
    good_value: object


# By routing key.
COMMANDS = {
    "keepalive": Command("KeepaliveCommand", "value", {"source": "focus-test"}),
    "input_changed": Command(
        "InputChangedCommand", "metadata", {"prr": 2000, "num_samples_per_trace": 9791, "dtype": "float32"}
    ),
    "roi": Command("RegionOfInterestCommand", "value", {"start": 1, "end": 8}),
    "colormap": Command("ColormapCommand", "value", "parula"),
    "caxis": Command("CaxisCommand", "value", {"min": 0, "max": 50}),
    "monitor_queues": Command("MonitorQueuesCommand", "value", {"queues_to_monitor": ["recorder_input"]}),
}


def message(key: str, job_id: str, value: object) -> dict[str, Any]:
    """The command of this routing key with this value, to the job of one view alone."""
    command = COMMANDS[key]
    return {"type": command.type, command.member: value, "job_id": job_id}
