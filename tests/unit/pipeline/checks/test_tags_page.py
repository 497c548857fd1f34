"""docs/tags.md is made of the tag dictionary: every tag is there with its meaning, and an old page is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.checks import tags_page
from pipeline.errors import RunError

TAGS = yaml.safe_load(tags_page.DICTIONARY.read_text(encoding="utf-8"))


def test_the_page_names_every_tag_with_its_meaning_and_no_other() -> None:
    rows = [line for line in tags_page.page(TAGS).splitlines() if line.startswith("| `")]
    tiers = [f"| `{name}` | {tier['meaning']} | {', '.join(tier['implies'])} |" for name, tier in TAGS["tiers"].items()]
    # Whatever group of tags the dictionary gets next must be on the page too.
    groups = [group for name, group in TAGS.items() if name not in ("tiers", "keys")]
    assert rows == tiers + [f"| `{name}` | {meaning} |" for group in groups for name, meaning in group.items()]


def test_the_committed_page_is_that_of_the_dictionary() -> None:
    assert tags_page.main(["--check"]) == 0


def test_a_page_that_is_old_or_missing_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "tags.md"
    with pytest.raises(RunError, match=r"run '\.venv/bin/python -m pipeline\.checks\.tags_page'"):
        tags_page.checked("new", old)
    old.write_text("old", encoding="utf-8")
    with pytest.raises(RunError, match=r"run '\.venv/bin/python -m pipeline\.checks\.tags_page'"):
        tags_page.checked("new", old)


def test_no_other_option_is_known() -> None:
    with pytest.raises(RunError, match="no option but --check"):
        tags_page.main(["--write"])
