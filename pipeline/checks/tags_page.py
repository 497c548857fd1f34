"""docs/tags.md: the tag dictionary as a page.

`python -m pipeline.checks.tags_page` writes the page, `--check` compares it. It is made of variables/tags.yaml.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from pipeline import console
from pipeline.errors import BROKEN, RunError
from pipeline.paths import ROOT

PAGE = ROOT / "docs" / "tags.md"
DICTIONARY = ROOT / "variables" / "tags.yaml"
# The headings of the page, by the groups of the dictionary that hold a tag with its meaning.
GROUPS = {"areas": "Areas", "traits": "Traits", "capabilities": "Capabilities", "results": "Set by the run"}

_HEAD = """# Tags

The dictionary is `variables/tags.yaml`; a tag that is not there is refused by the project's own tests. On each test
stand: one scenario key, one area, its tier with the tiers that it implies, and whatever else is true of it. Tags that
all tests of a file share stand in `Test Tags`. Made of it by `.venv/bin/python -m pipeline.checks.tags_page`.

Select with lower-case patterns: `pabot --include pz-13705 suites/`. Tags are compared without regard to case, but in a
pattern Robot Framework takes upper-case `AND`, `OR` and `NOT` for operators, even inside a word. Where an area lives in
the project: [glossary.md](glossary.md).
"""
_TIERS = """
## Tiers

| tag | meaning | implies |
|---|---|---|
"""
_KEYS = """
## Scenario keys

`PZ-13705` is a key of Xray; its title stands in `variables/xray_tests.csv`. A scenario for which no title fits gets the
next free local number, `{local}001`: never an invented key. Several tests may share a key when they are cases of one
scenario; the worst of them counts. A local number belongs to one file.
"""


def main(args: list[str]) -> int:
    if args not in ([], ["--check"]):
        raise RunError(f"tags_page knows no option but --check, not '{' '.join(args)}'.")
    text = page(yaml.safe_load(DICTIONARY.read_text(encoding="utf-8")))
    if args:
        return checked(text, PAGE)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    console.say(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


def checked(text: str, file: Path) -> int:
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        raise RunError(
            "docs/tags.md is not what variables/tags.yaml holds: run '.venv/bin/python -m pipeline.checks.tags_page'."
        )
    return 0


def page(tags: dict[str, Any]) -> str:
    """The whole page; ``tags`` is the content of variables/tags.yaml."""
    tiers = "".join(
        f"| `{name}` | {tier['meaning']} | {', '.join(tier['implies'])} |\n" for name, tier in tags["tiers"].items()
    )
    return _HEAD + _TIERS + tiers + "".join(_groups(tags)) + _KEYS.format(local=tags["keys"]["local"])


def _groups(tags: dict[str, Any]) -> Iterator[str]:
    for group, heading in GROUPS.items():
        yield f"\n## {heading}\n\n| tag | meaning |\n|---|---|\n"
        yield from (f"| `{name}` | {meaning} |\n" for name, meaning in tags[group].items())


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except RunError as error:
        console.complain(str(error))
        sys.exit(BROKEN)
