"""The results of several generators of one load as one: counters and histograms are added, nothing is averaged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

from focus_core.base.errors import BenchError
from focus_core.load.result import Ended, Interval, Outcome, Result, ViewsOutcome, combined, sums
from focus_core.load.times import Times

# A generator without a parent writes its result behind this, on a line among those of its log.
MARK = "HDR1 "
# Generators that begin further apart make another load than the one that was asked for.
BEGUN_APART_S = 0.5
_WORST_ENDED: tuple[Ended, ...] = ("critical", "deadline", "stopped", "")


def from_logs(logs: Iterable[str], generators: int) -> Result:
    """The result of a load from the logs of its generators; raises ``BenchError`` as ``merged`` does."""
    lines = [line for log in logs for line in log.splitlines() if MARK in line]
    return merged([Result.from_json(re.sub(f"^.*?{MARK}", "", line)) for line in lines], generators)


def merged(parts: Sequence[Result], generators: int) -> Result:
    """The result of ``generators`` parts. Raises ``BenchError`` when one is missing or did not begin with the rest."""
    if len(parts) != generators:
        raise BenchError(
            f"{len(parts)} of {generators} generators left a result: half a load is no load; look at the logs of the "
            "others."
        )
    begun = [part.begun for part in parts]
    if max(begun) - min(begun) > BEGUN_APART_S:
        raise BenchError(
            f"The {generators} generators began up to {max(begun) - min(begun):.1f} s apart; start them earlier before "
            "the moment at which they begin, and let their clocks follow one time."
        )
    worst = min(parts, key=lambda part: _WORST_ENDED.index(part.ended))
    return replace(
        parts[0],
        begun=min(begun),
        seconds=max(part.seconds for part in parts),
        asked=sum(part.asked for part in parts),
        actions=_outcomes([part.actions for part in parts]),
        views=_views([part.views for part in parts if part.views]),
        late=max((part.late for part in parts), key=lambda late: late.percentile(99)),
        cpu=max(part.cpu for part in parts),
        connect=Times.merged(part.connect for part in parts),
        intervals=tuple(interval(group) for group in zip_longest(*(part.intervals for part in parts))),
        resources=tuple(series for part in parts for series in part.resources),
        unsampled=tuple(dict.fromkeys(sentence for part in parts for sentence in part.unsampled)),
        ended=worst.ended,
        why=worst.why,
        left=tuple(job for part in parts for job in part.left),
        generators=sum(part.generators for part in parts),
        phases=tuple(combined(group[0].name, group) for group in zip(*(part.phases for part in parts), strict=True)),
    )


def _outcomes(parts: Sequence[tuple[Outcome, ...]]) -> tuple[Outcome, ...]:
    by_name: dict[str, list[Outcome]] = {}
    for outcome in (outcome for part in parts for outcome in part):
        by_name.setdefault(outcome.name, []).append(outcome)
    return tuple(
        replace(combined(name, tuple(group)), steps=_outcomes([one.steps for one in group]))
        for name, group in by_name.items()
    )


def _views(parts: Sequence[ViewsOutcome]) -> ViewsOutcome | None:
    if not parts:
        return None
    return ViewsOutcome(
        sum(part.asked for part in parts),
        sums([part.refused for part in parts]),
        tuple(view for part in parts for view in part.views),
        Times.merged(part.configure for part in parts),
        Times.merged(part.first_frame for part in parts),
        Times.merged(part.row_age for part in parts),
    )


def interval(group: Iterable[Interval | None]) -> Interval:
    """Counters added; of the times those of the generator that saw the slowest, since shares cannot be added."""
    parts = [part for part in group if part]

    def worst(read: Callable[[Interval], float | None]) -> float | None:
        return max((value for part in parts if (value := read(part)) is not None), default=None)

    return Interval(
        parts[0].at,
        parts[0].seconds,
        asked=sum(part.asked for part in parts),
        succeeded=sum(part.succeeded for part in parts),
        failed=sum(part.failed for part in parts),
        p50=worst(lambda part: part.p50),
        p95=worst(lambda part: part.p95),
        p99=worst(lambda part: part.p99),
        slowest=worst(lambda part: part.slowest),
        late=max(part.late for part in parts),
        connections=sum(part.connections for part in parts),
        waiting=sum(part.waiting for part in parts),
        frames=sum(part.frames for part in parts),
        cpu=max(part.cpu for part in parts),
    )
