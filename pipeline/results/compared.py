"""What a run's loads were worth against earlier runs: baseline.json in its folder, for the gate and the summary."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.results.output_xml import ResultsError

NAME = "baseline.json"


@dataclass(frozen=True)
class Compared:
    """One figure of one load. `is_bad`: regressed, or over its fixed limit; `is_open`: more runs are to decide it."""

    name: str
    figure: str
    verdict: str
    reason: str
    is_bad: bool
    is_open: bool

    def __str__(self) -> str:
        return f"{self.name}, {self.figure}: {self.verdict}: {self.reason}"


def write(found: Iterable[Compared], folder: Path) -> None:
    data = [asdict(one) for one in found]
    (folder / NAME).write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: Path) -> list[Compared]:
    """Nothing for a run that compared no load. Raises ResultsError."""
    path = folder / NAME
    try:
        return [Compared(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise ResultsError(
            f"{path} cannot be read ({type(error).__name__}): run 'python run.py baseline check' again."
        ) from None
