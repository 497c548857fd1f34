"""The defects that tests detected when their strength was measured last."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import paths
from pipeline.errors import RunError

PREFIX = "defect "


@dataclass(frozen=True)
class Strength:
    """`detections`: names of defects by the tests' long names. `sentences`: what each defect does. `measured`: when
    each area was measured.
    """

    detections: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sentences: dict[str, str] = field(default_factory=dict)
    measured: dict[str, str] = field(default_factory=dict)


def last() -> Strength:
    """From the kept results of `run.py strength`; empty where there are none. Raises RunError for a damaged one."""
    found = Strength()
    for file in sorted((paths.RESULTS / "strength").glob("*/strength.json")):
        _read(file, found)
    return found


def _read(file: Path, into: Strength) -> None:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        into.measured[data["area"]] = data["started"]
        into.sentences.update({defect["name"]: defect["sentence"] for defect in data["defects"]})
        for test in data["tests"]:
            names = {one.removeprefix(PREFIX) for one in test["detections"] if one.startswith(PREFIX)}
            into.detections[test["name"]] |= names
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(
            f"{file} is no result of 'run.py strength' ({type(error).__name__}): remove it, or measure again."
        ) from None
