"""How many tests there are on each floor: of the product, and of the tests themselves."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from robot.api import TestSuite

from pipeline.coverage.scenarios import TIERS, Automation
from pipeline.paths import ROOT

# Folders of tests of the tests, from the top of the pyramid to its bottom.
PYTHON = {
    "tests/entry": "run.py from its start",
    "tests/site": "against running parts of the simulated site",
    "tests/house": "rules of the project",
    "tests/unit": "functions and classes",
}
KEYWORDS = "tests/keywords"


@dataclass(frozen=True)
class Floor:
    """A floor of a pyramid; pytest functions count once, however many cases they have."""

    name: str
    meaning: str
    tests: int


def product(tests: Iterable[Automation]) -> list[Floor]:
    """The acceptance tests by the most frequent tier in which they run."""
    counts = Counter(test.tier for test in tests)
    meanings = (
        "run on every change",
        "and these with the regression tests",
        "and these at night only",
        "and these only when asked for",
    )
    return [Floor(tier, meaning, counts[tier]) for tier, meaning in zip(TIERS, meanings, strict=True)]


def bench(root: Path = ROOT) -> list[Floor]:
    """The tests of the keywords, the simulated site and run.py."""
    floors = [Floor(folder, meaning, _functions(root / folder)) for folder, meaning in PYTHON.items()]
    keywords = TestSuite.from_file_system(root / KEYWORDS).test_count if (root / KEYWORDS).exists() else 0
    return [*floors[:2], Floor(KEYWORDS, "keywords, with Robot Framework", keywords), *floors[2:]]


def _functions(folder: Path) -> int:
    trees = (ast.parse(path.read_bytes()) for path in sorted(folder.rglob("test_*.py")))
    return sum(
        isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for tree in trees for node in tree.body
    )
