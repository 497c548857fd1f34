"""The coverage as files: a page for people, a table for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.coverage.pyramid import Floor
from pipeline.coverage.scenarios import Scenario, State
from pipeline.coverage.shares import Share
from pipeline.coverage.strength import Strength

VERSION = 1
COLUMNS = ("key", "title", "category", "area", "state", "reason", "tier", "result", "site", "when", "bugs", "tests")
# A cell that begins so would be a formula in a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Coverage:
    """Everything that the files show. `made` is local time; `site` is empty where results of all sites count."""

    made: str
    site: str
    scenarios: list[Scenario]
    shares: list[Share]
    product: list[Floor]
    bench: list[Floor]
    strength: Strength

    @property
    def counts(self) -> Counter[State]:
        """How many scenarios of the catalogue are in each state; its bugs are none."""
        return Counter(one.state for one in self.scenarios if not (one.is_bug or one.is_local))


def write(coverage: Coverage, folder: Path) -> Path:
    """Write the three files; returns the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "index.html"
    page.write_text(html(coverage), encoding="utf-8")
    text = json.dumps(data(coverage), indent=1, ensure_ascii=False)
    (folder / "coverage.json").write_text(text + "\n", encoding="utf-8")
    # Spreadsheets take a CSV for UTF-8 only with a mark at its begin.
    with (folder / "coverage.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({name: _plain(value) for name, value in row(one).items()} for one in coverage.scenarios)
    return page


def html(coverage: Coverage) -> str:
    """The page: it needs no network, sorts by a click on a column's title, and prints."""
    most = max((floor.tests for floor in (*coverage.product, *coverage.bench)), default=1)
    template = _PAGES.get_template("page.html.jinja")
    return template.render(coverage=coverage, most=most, states=State, row=row)


def row(scenario: Scenario) -> dict[str, str]:
    """A line of the table; several tests or bugs are parted by '; '."""
    last = scenario.last
    return {
        "key": scenario.key,
        "title": scenario.title,
        "category": scenario.category,
        "area": scenario.area,
        "state": scenario.state,
        "reason": scenario.manual.reason if scenario.manual else "",
        "tier": scenario.tier,
        "result": last.verdict if last else "",
        "site": last.site if last else "",
        "when": last.start[:16].replace("T", " ") if last else "",
        "bugs": "; ".join(scenario.bugs),
        "tests": "; ".join(test.id for test in scenario.tests),
    }


def data(coverage: Coverage) -> dict[str, Any]:
    """The content of coverage.json."""
    return {
        "schema": VERSION,
        "made": coverage.made,
        "site": coverage.site,
        "catalogue": {state: coverage.counts[state] for state in State},
        "areas": [
            asdict(one) | {"open": one.open, "percent": round(one.percent, 1), "is_reached": one.is_reached}
            for one in coverage.shares
        ],
        "pyramid": {
            "product": [asdict(floor) for floor in coverage.product],
            "bench": [asdict(floor) for floor in coverage.bench],
        },
        "strength_measured": coverage.strength.measured,
        "scenarios": [_scenario(one) for one in coverage.scenarios],
    }


def _scenario(scenario: Scenario) -> dict[str, Any]:
    return row(scenario) | {
        "manual": scenario.manual.sentence if scenario.manual else "",
        "bugs": list(scenario.bugs),
        "tests": [asdict(test) for test in scenario.tests],
    }


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
