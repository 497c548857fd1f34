"""CODEOWNERS, by which GitHub asks for reviews, agrees with variables/owners.yaml, by which failures are reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.ci import owners
from pipeline.ci.owners import Owners

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / ".github" / "CODEOWNERS"
LINE = re.compile(r"(?P<place>\S+) @(?P<organisation>[\w-]+)/(?P<team>[\w-]+)")


def problems(text: str, agreed: Owners) -> list[str]:
    """What the lines of a CODEOWNERS have otherwise than the owners; an area without a folder of suites has no line."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = [LINE.fullmatch(line) for line in lines]
    wrong = [f"no place with one team: {line}" for line, match in zip(lines, found, strict=True) if not match]
    teams = {match["place"]: match["team"] for match in found if match}
    own = {f"/suites/{area}/": team for area, team in agreed.areas.items() if (ROOT / "suites" / area).is_dir()}
    wanted = {"*": agreed.default, **own}
    wrong += [f"{place}: {teams.get(place)}" for place in wanted | teams if wanted.get(place) != teams.get(place)]
    if len({match["organisation"] for match in found if match}) > 1:
        wrong.append("teams of several organisations")
    # The last line that fits counts for GitHub.
    return wrong if not lines or lines[0].startswith("* ") else [*wrong, "* stands below a folder"]


def test_codeowners_agree_with_the_owners_of_the_areas() -> None:
    assert problems(FILE.read_text(encoding="utf-8"), owners.read()) == []


@pytest.mark.parametrize(
    "text",
    [
        "* @o/testers\n",
        "* @o/testers\n/suites/alerts/ @o/another\n",
        "* @o/another\n/suites/alerts/ @o/web\n",
        "* @o/testers\n/suites/alerts/ @o/web\n/suites/api/ @o/web\n",
        "/suites/alerts/ @o/web\n* @o/testers\n",
        "* @o/testers\n/suites/alerts/ @p/web\n",
        "* @o/testers\n/suites/alerts/ web\n",
    ],
)
def test_an_owner_that_only_one_of_them_has_is_found(text: str) -> None:
    agreed = Owners("testers", {"alerts": "web", "performance": "web"})
    assert problems("* @o/testers\n/suites/alerts/ @o/web\n", agreed) == []
    assert problems(text, agreed) != []
