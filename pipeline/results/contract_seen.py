"""What a run saw of the contract: `contract-*.json` of its processes, merged into contract.json in its folder.

    {"calls": {what: {status: count}}, "parameters": {what: [name]}, "shapes": {what: {place: [JSON types]}},
     "unknown": {call: count}, "tests": {test: [what]},
     "violations": [{"where", "path", "rule", "sentence", "count", "bug"}]}

`what` is a service with an operation ("focus-server POST /configure"), an exchange, a stream or a collection; shapes
are of an answer with its status, or of the body of a request. `bug` is the known bug that explains a violation.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.results.output_xml import ResultsError

NAME, PARTS = "contract.json", "contract-*.json"


@dataclass
class Seen:
    """What a run saw; see above."""

    calls: dict[str, Counter[str]] = field(default_factory=dict)
    parameters: dict[str, set[str]] = field(default_factory=dict)
    shapes: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    tests: dict[str, set[str]] = field(default_factory=dict)
    violations: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)

    def add(self, part: dict[str, Any]) -> None:
        """Add what one process saw."""
        for what, counts in part["calls"].items():
            self.calls.setdefault(what, Counter()).update(counts)
        for what, names in part["parameters"].items():
            self.parameters.setdefault(what, set()).update(names)
        for what, places in part["shapes"].items():
            known = self.shapes.setdefault(what, {})
            for place, kinds in places.items():
                known.setdefault(place, set()).update(kinds)
        self.unknown.update(part["unknown"])
        for test, touched in part["tests"].items():
            self.tests.setdefault(test, set()).update(touched)
        for one in part["violations"]:
            kept = self.violations.setdefault((one["where"], one["path"], one["rule"]), {**one, "count": 0})
            kept["count"] += one["count"]

    def as_json(self) -> dict[str, Any]:
        return {
            "calls": {what: dict(counts) for what, counts in sorted(self.calls.items())},
            "parameters": {what: sorted(names) for what, names in sorted(self.parameters.items())},
            "shapes": {
                what: {place: sorted(kinds) for place, kinds in places.items()}
                for what, places in sorted(self.shapes.items())
            },
            "unknown": dict(self.unknown),
            "tests": {test: sorted(touched) for test, touched in sorted(self.tests.items())},
            "violations": list(self.violations.values()),
        }

    @property
    def open(self) -> list[dict[str, Any]]:
        """The violations that no known bug explains."""
        return [one for one in self.violations.values() if not one.get("bug")]

    @property
    def known(self) -> dict[str, int]:
        """How many answers, messages, frames and documents each known bug spoiled."""
        found: Counter[str] = Counter()
        for one in self.violations.values():
            if one.get("bug"):
                found[one["bug"]] += one["count"]
        return dict(sorted(found.items()))


def merged(folder: Path) -> Seen | None:
    """What all processes of a run saw, written into contract.json; None where nothing was seen."""
    paths = sorted(folder.rglob(PARTS))
    if not paths:
        return None
    found = _read(paths)
    (folder / NAME).write_text(json.dumps(found.as_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return found


def read(folder: Path) -> Seen | None:
    """What `merged` wrote; None for a run that saw nothing of the contract. Raises ResultsError."""
    path = folder / NAME
    return _read([path]) if path.exists() else None


def _read(paths: Iterable[Path]) -> Seen:
    found = Seen()
    for path in paths:
        try:
            found.add(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ResultsError(
                f"{path} is not what a run saw of the contract ({type(error).__name__}): remove it."
            ) from None
    return found
