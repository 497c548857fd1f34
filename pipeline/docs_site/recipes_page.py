"""The page of the recipes, made of the suites in docs/recipes: what is shown is what runs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from robot.api import TestSuite

from pipeline.paths import ROOT

FOLDER = ROOT / "docs" / "recipes"

# Titles of the groups by the tag that stands for each, in the order of the page.
GROUPS = {
    "views": "Views",
    "requests": "Requests",
    "alerts": "Alerts and messages",
    "cluster": "Cluster and node",
    "data": "Data",
    "security": "Security",
    "disruption": "Outages",
    "load": "Load",
}
_HEAD = """\
# Recipes

Short suites, each for one thing that testers want to do. Copy one into `suites/sandbox/`, run it there, change it:

```
python run.py try docs/recipes/live_view.robot
```

They are the files in `docs/recipes/`; `python run.py test --all` runs every one on a simulated site.
"""


@dataclass(frozen=True)
class Recipe:
    file: Path
    group: str
    title: str
    text: str

    def shown(self) -> str:
        """The recipe as a section of the page."""
        suite = self.file.read_text(encoding="utf-8").rstrip()
        return (
            f"### {self.title}\n\n{self.text}\n\n`docs/recipes/{self.file.name}`\n\n```robotframework\n{suite}\n```\n"
        )


def recipes(folder: Path = FOLDER) -> list[Recipe]:
    """All of them, by group and title."""
    found = [_recipe(file) for file in sorted(folder.glob("*.robot"))]
    order = list(GROUPS)
    return sorted(found, key=lambda one: (order.index(one.group), one.title))


def page() -> str:
    lines = [_HEAD]
    for group, members in groupby(recipes(), lambda one: one.group):
        lines += [f"## {GROUPS[group]}\n", *(one.shown() for one in members)]
    return "\n".join(lines)


def _recipe(file: Path) -> Recipe:
    suite = TestSuite.from_file_system(file)
    (group,) = {str(tag) for tag in suite.tests[0].tags} & GROUPS.keys()
    return Recipe(file, group, suite.name, suite.doc)
