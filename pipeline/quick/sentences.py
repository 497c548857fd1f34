"""What a quick run looks at, and what it leaves unseen, for the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.quick.choosing import Choice, joined

# Names of defects shown of one area.
_MOST = 12


def looked_at(choice: Choice) -> list[str]:
    """How many tests run, and how many of the known defects they detect."""
    critical = sum(one.critical for one in choice.chosen)
    lines = [
        f"quick: {len(choice.chosen)} of {len(choice.selected.tests)} tests ({critical} critical), about "
        f"{choice.expected:.0f} s"
    ]
    if choice.touched is not None:
        hit = sum(one.changed or one.touched for one in choice.chosen)
        lines.append(f"touched by the change: {hit}")
        if choice.touched.others:
            lines.append(f"changed files that lead to no test: {_names(choice.touched.others)}")
    if new := len(choice.new & choice.names):
        lines.append(f"too new for the kill matrices, so that they count as usual ones: {new}")
    for area, seen, known in shares(choice):
        lines.append(f"defects of {area}: {seen} of {known} detected ({seen / known:.0%})")
    return lines


def shares(choice: Choice) -> Iterator[tuple[str, int, int]]:
    """Each measured area with its defects that the chosen tests detect, and all of them."""
    seen = _seen(choice)
    for matrix in choice.matrices:
        if matrix.defects:
            yield matrix.area, len(matrix.defects & seen), len(matrix.defects)


def unseen(choice: Choice) -> list[str]:
    """The areas of which no test runs, and the defects of which nothing would be noticed."""
    lines = []
    everywhere = Counter(choice.areas.values())
    here = Counter(choice.areas[name] for name in choice.names)
    if nothing := sorted(area for area in everywhere if not here[area]):
        lines.append(f"unseen areas: {', '.join(nothing)}")
    seen = _seen(choice)
    for matrix in choice.matrices:
        if missing := sorted(matrix.defects - seen):
            lines.append(f"unseen defects of {matrix.area} ({len(missing)}): {_names(missing)}")
    if not choice.matrices:
        lines.append("no kill matrix is there, so every test counts alike: make one with 'python run.py strength'")
    return lines


def took(seconds: float, asked: float) -> str:
    """How long it took, and what helps where that is longer than asked for."""
    if seconds <= asked:
        return f"quick: the verdict came after {seconds:.0f} s"
    less = max(20, asked * asked / seconds)
    return (
        f"quick: the verdict came after {seconds:.0f} s instead of {asked:.0f}: this machine is busy, or slower than "
        f"the one that measured the tests; give --seconds {less:.0f} to be in time here."
    )


def _seen(choice: Choice) -> set[str]:
    known = joined(choice.matrices)
    return {defect for name in choice.names & known.keys() for defect in known[name].defects}


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more
