"""docs/tags.md shows the tag dictionary as it is."""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_names_every_tag_with_its_meaning() -> None:
    tags = yaml.safe_load((ROOT / "variables" / "tags.yaml").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "tags.md").read_text(encoding="utf-8")
    for name, tier in tags["tiers"].items():
        assert f"| `{name}` | {tier['meaning']} | {', '.join(tier['implies'])} |" in page
    groups = [tags[group] for group in ("areas", "traits", "capabilities", "results")]
    lines = [f"| `{name}` | {meaning} |" for group in groups for name, meaning in group.items()]
    missing = [line for line in lines if line not in page]
    assert not missing, f"docs/tags.md lacks: {missing}"
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) == len(lines) + len(tags["tiers"]), "docs/tags.md names a tag that the dictionary does not have"
