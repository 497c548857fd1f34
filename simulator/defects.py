"""The known bugs of the deployed site, as switches of the simulated one.

One registry names every switch; the part of the site that a switch changes asks ``active(name)`` at the place of
the change. The names that are on stand in ``defects.json`` in the state directory, so a living site can be switched.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from simulator.errors import SimulatorError


@dataclass(frozen=True)
class Defect:
    """One switch: its name, the key of the bug it imitates (empty: none known), the area, and what it changes."""

    name: str
    bug_key: str
    area: str
    sentence: str
    changes: str

    @property
    def in_content(self) -> bool:
        """Whether it lies in what MongoDB or RabbitMQ hold, which nobody reads the switches for."""
        return self.changes in ("MongoDB", "RabbitMQ")


_ROWS: tuple[tuple[str, str, str, str, str], ...] = (
    # name, bug key, area, what a tester sees, where the site changes
    ("wrong-channel-amount", "PZ-13272", "api", "channel_amount is one more than the channels of the view.",
     "POST /configure"),
    ("empty-status", "PZ-13667", "api", "The answer of configure has an empty status instead of success.",
     "POST /configure"),
    ("string-port", "PZ-13271", "api", "stream_port is a string instead of a number.", "POST /configure"),
    ("metadata-race", "PZ-13269", "api", "The metadata of a new job are not found during its first three seconds.",
     "GET /metadata/{id}"),
    ("delete-job-404", "PZ-13670", "api", "Deleting a living job answers 404.", "DELETE /job/{id}"),
    ("future-time-accepted", "PZ-13984", "api", "A historic view of the future is accepted.", "POST /configure"),
    ("nfft-unchecked", "PZ-14757", "api", "An NFFT that the view does not allow is accepted.", "POST /configure"),
    ("single-min-ne-max-accepted", "PZ-13669", "api",
     "A single channel view of more than one channel is accepted.", "POST /configure"),
    ("live-metadata-missing-fields", "PZ-13985", "api", "num_samples_per_trace and dtype are missing.",
     "GET /live_metadata"),
    ("job-never-starts", "PZ-13268", "resilience", "The pod of a new job stays Pending.", "Job of a view"),
    ("stream-silent", "PZ-15003", "stream", "An open stream never sends a frame.", "grpc-job"),
    ("negative-amplitudes", "", "stream", "Spectrogram rows hold negative amplitudes.", "grpc-job, GET /waterfall"),
    ("negative-channel-accepted", "PZ-13760", "api", "A negative channel is accepted.", "POST /configure"),
    ("nyquist-unchecked", "", "api", "A frequency above half of the pulse rate is accepted.", "POST /configure"),
    ("spec-formulas", "", "api", "Calculated fields follow the formulas of the specification, not those at run time.",
     "POST /configure"),
    ("no-job-id-label", "PZ-14925", "cluster", "Pods of a job carry no job_id label.", "Job of a view"),
    ("history-404", "", "api", "A historic window without recordings answers 404 instead of 400.", "POST /configure"),
    ("mongo-outage-slow", "PZ-13640", "resilience",
     "With MongoDB down a historic request answers after 15 s instead of at most 5 s.", "POST /configure"),
    ("frequency-null-500", "PZ-13267", "api", "A frequency range of null answers 500.", "POST /configure"),
    ("missing-field-500", "PZ-13266", "api", "A missing required field answers 500.", "POST /configure"),
    ("view-type-unchecked", "PZ-14093", "api", "An unknown view type is accepted.", "POST /configure"),
    ("height-unchecked", "", "api", "A display height that is not positive is accepted.", "POST /configure"),
    ("half-range-accepted", "", "api", "A view with only one of the two times is accepted.", "POST /configure"),
    ("negative-time-accepted", "PZ-13759", "api", "A negative time is accepted.", "POST /configure"),
    ("orphan-queue", "", "messaging", "The queue of a job outlives the job.", "cleanup-job"),
    ("deleted-index-missing", "PZ-13983", "data_quality", "The recordings have no index on deleted.", "MongoDB"),
    ("uuid-index-missing", "", "data_quality", "The recordings have no unique index on uuid.", "MongoDB"),
    ("recording-without-start", "", "data_quality", "One recording has no start time, end time and deleted flag.",
     "MongoDB"),
    ("alert-class-accepted", "PZ-14975", "alerts", "An alert of an unknown class is accepted.", "push-to-rabbit"),
    ("alert-dof-accepted", "PZ-14976", "alerts", "An alert at a negative distance is accepted.", "push-to-rabbit"),
    ("alert-fields-accepted", "PZ-14977", "alerts", "An alert with missing fields is accepted.", "push-to-rabbit"),
    ("alerts-unbound", "", "alerts", "The alert queue of the web app has no binding: alerts never come back.",
     "web app"),
    ("exchange-missing", "", "messaging", "The exchange prisma does not exist.", "RabbitMQ"),
)  # fmt: skip

REGISTRY: dict[str, Defect] = {row[0]: Defect(*row) for row in _ROWS}

# What the deployed server is not known to do stays off in the profile "deployed".
_NOT_DEPLOYED = frozenset(
    {
        "spec-formulas",
        "job-never-starts",
        "stream-silent",
        "uuid-index-missing",
        "recording-without-start",
        "alerts-unbound",
        "exchange-missing",
    }
)
PROFILES: dict[str, tuple[str, ...]] = {
    "required": (),
    "deployed": tuple(name for name in REGISTRY if name not in _NOT_DEPLOYED),
}

_cache: tuple[Path, int, frozenset[str]] | None = None


def active(name: str) -> bool:
    """Say whether the defect is switched on at the site that this process belongs to.

    The site is the directory in ``FOCUS_SIMULATOR_STATE``; without one (a unit test of a part) nothing is on.
    The file is read again only when its modification time changed.
    """
    global _cache
    if name not in REGISTRY:
        raise KeyError(name)
    state = os.environ.get("FOCUS_SIMULATOR_STATE")
    if not state:
        return False
    path = Path(state) / "defects.json"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return False
    if _cache is None or _cache[:2] != (path, changed):
        _cache = (path, changed, frozenset(read_active(path)))
    return name in _cache[2]


def read_active(path: Path) -> list[str]:
    """Return the names that are on, as the file lists them; none when there is no file."""
    if not path.exists():
        return []
    names = json.loads(path.read_text(encoding="utf-8"))
    return [str(name) for name in names]


def known(name: str) -> str:
    """Return the name when the registry has it, else raise one sentence with the nearest names."""
    if name in REGISTRY:
        return name
    near = get_close_matches(name, REGISTRY, n=3, cutoff=0.5)
    hint = f"near matches: {', '.join(near)}" if near else "'python -m simulator defects' lists the known ones"
    raise SimulatorError(f"There is no defect named {name!r}; {hint}.")
