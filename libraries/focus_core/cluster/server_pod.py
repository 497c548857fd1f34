"""How the Focus Server's pod started, and how it keeps over time; judged from its log, its pod and its metrics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from focus_core.base.errors import BenchError
from focus_core.cluster.objects import LogLine, Pod

# Memory is compared from the second sample on: the first request loads what a server loads once.
FEWEST_SAMPLES = 3
_REQUEST = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /")
# The cluster reports whole seconds.
_ROUNDING = timedelta(seconds=1)


@dataclass(frozen=True)
class Sample:
    """One view of a watch: seconds since its begin, what went wrong (empty: nothing), and the server's memory after."""

    at: float
    trouble: str
    memory_bytes: int


def start_of(lines: Sequence[LogLine], pod: Pod, longest: float) -> list[LogLine]:
    """The lines of a log from the pod's start until it was ready, at most ``longest`` seconds; none about requests.

    Raises ``BenchError`` when the log does not reach back to the start, ``AssertionError`` when it is empty.
    """
    if not lines:
        raise AssertionError(f"Pod {pod.name} has logged nothing.")
    begun = datetime.fromisoformat(lines[0].time)
    if pod.created and not pod.restarts and begun - pod.created > timedelta(seconds=longest):
        raise BenchError(
            f"The log of pod {pod.name} begins at {begun:%Y-%m-%d %H:%M:%S}, the pod at {pod.created:%Y-%m-%d %H:%M:%S}"
            ": what it logged at its start is gone; look sooner after its start."
        )
    end = begun + timedelta(seconds=longest)
    if pod.ready_since and begun <= pod.ready_since < end:
        end = pod.ready_since + _ROUNDING
    return [line for line in lines if datetime.fromisoformat(line.time) <= end and not _REQUEST.search(line.text)]


def errors_in(lines: Sequence[LogLine]) -> list[str]:
    """The lines of level ERROR or above."""
    return [line.text for line in lines if line.level in ("ERROR", "CRITICAL")]


def problems_over_time(samples: Sequence[Sample], success: float, growth: float) -> list[str]:
    """What went wrong in a watch: less than ``success`` percent of views, or more than ``growth`` percent memory."""
    troubles = [sample.trouble for sample in samples if sample.trouble]
    found = []
    done = 100 * (len(samples) - len(troubles)) / len(samples)
    if done < success:
        few = f"only {done:.0f} % of {len(samples)} views succeeded, at least {success:g} % have to"
        found += [f"{few}: {trouble}" for trouble in dict.fromkeys(troubles)]
    before, after = samples[1].memory_bytes, samples[-1].memory_bytes
    grown = 100 * (after - before) / before
    if grown > growth:
        found.append(
            f"its memory grew by {grown:.0f} % from {_mib(before)} to {_mib(after)}, at most {growth:g} % are allowed"
        )
    return found


def changes(before: Pod, after: Pod) -> list[str]:
    """Whether a pod was replaced or its program started again in between."""
    if after.name != before.name:
        return [f"its pod {before.name} was replaced by {after.name}"]
    if after.restarts > before.restarts:
        return [f"its pod {after.name} was started again {after.restarts - before.restarts} times"]
    return []


def table(samples: Sequence[Sample]) -> str:
    """The samples, one a line."""
    return "\n".join(f"{one.at:8.1f} s  {_mib(one.memory_bytes):>9}  {one.trouble or 'served'}" for one in samples)


def _mib(number: int) -> str:
    return f"{number / 2**20:.0f} MiB"
