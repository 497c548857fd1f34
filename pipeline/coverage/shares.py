"""How much of each area is covered, against what was agreed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.coverage import catalogue
from pipeline.coverage.scenarios import Scenario, State
from pipeline.results.model import Run, Verdict


@dataclass(frozen=True)
class Share:
    """An area in numbers of the catalogue's scenarios. `percent` is of those that can be automated: the manual ones are
    not in it, nor are the `local` ones beside the catalogue. `target` is in percent, None where none was agreed.
    """

    area: str
    target: int | None
    scenarios: int
    automated: int
    passed: int
    manual: int
    local: int = 0

    @property
    def open(self) -> int:
        return self.scenarios - self.automated - self.manual

    @property
    def percent(self) -> float:
        wanted = self.scenarios - self.manual
        return 100 * self.automated / wanted if wanted else 100.0

    @property
    def is_reached(self) -> bool:
        return self.target is None or self.percent >= self.target


def of(scenarios: Iterable[Scenario]) -> list[Share]:
    """One for each area of variables/coverage.yaml, and for areas that only local scenarios have."""
    counted = [one for one in scenarios if not one.is_bug]
    areas = [*catalogue.targets(), *sorted({one.area for one in counted} - catalogue.targets().keys())]
    return [_share(area, [one for one in counted if one.area == area]) for area in areas]


def _share(area: str, scenarios: list[Scenario]) -> Share:
    listed = [one for one in scenarios if not one.is_local]
    return Share(
        area,
        catalogue.targets().get(area),
        len(listed),
        sum(one.state == State.AUTOMATED for one in listed),
        sum(one.last is not None and one.last.verdict == Verdict.PASSED for one in listed),
        sum(one.state == State.MANUAL for one in listed),
        len(scenarios) - len(listed),
    )


def line(run: Run) -> str:
    """One sentence for the summary of a run: how many scenarios of the catalogue it has shown, in all and of the areas
    with a target that it touched, of those that can be automated. A scenario of which one test did not pass is not
    shown.
    """
    passed: dict[str, bool] = {}
    for test in run.tests:
        for key in (test.key, *test.covers):
            passed[key] = passed.get(key, True) and test.verdict == Verdict.PASSED
    manual = catalogue.not_automated()
    entries = [one for one in catalogue.entries().values() if one.category != catalogue.BUGS and one.key not in manual]
    shares = []
    for area, target in catalogue.targets().items():
        keys = [one.key for one in entries if one.area == area]
        if target is not None and not passed.keys().isdisjoint(keys):
            shown = sum(passed.get(key, False) for key in keys)
            shares.append(f"{area} {100 * shown // len(keys)} % (target {target})")
    count = sum(passed.get(one.key, False) for one in entries)
    return (
        f"{count} of {len(entries)} scenarios that can be automated are shown{': ' * bool(shares)}{', '.join(shares)}"
    )
