"""The pages hold together: links lead somewhere, every page is in the navigation, releases and version agree."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from markdown.extensions.toc import slugify, unique

from pipeline.docs_site import hooks, recipes_page

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"!?\[[^]]*\]\((?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]*))?\)")
FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
FEWEST_RECIPES = 30


def broken_links(page: Path, text: str) -> list[str]:
    """The links of a page whose file is not there, or that name a heading that it does not have."""
    broken = []
    for link in LINK.finditer(re.sub(r"`[^`\n]*`", "", FENCED.sub("", text))):
        path, anchor = link["path"], link["anchor"]
        if path.startswith(("http:", "https:")):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link[0])
    return broken


def anchors(page: Path) -> set[str]:
    """The names of a page's headings."""
    taken: set[str] = set()
    for title in re.findall(r"^#{1,6} (.+)$", FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE):
        unique(slugify(re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", title), "-"), taken)
    return taken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


def test_a_link_that_leads_nowhere_is_found() -> None:
    text = "[a](nothing.md) [b](ci.md#no-such-heading) [c](ci.md) `[d](code.md)` [e](https://example.com)"
    assert broken_links(DOCS / "x.md", text) == ["[a](nothing.md)", "[b](ci.md#no-such-heading)"]


def named(nav: list[object]) -> set[str]:
    """Every page of a navigation."""
    found: set[str] = set()
    for entry in nav:
        for target in entry.values() if isinstance(entry, dict) else [entry]:
            found |= named(target) if isinstance(target, list) else {str(target)}
    return found


def test_every_page_is_in_the_navigation() -> None:
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert pages - named(hooks.present(nav, DOCS)) == set()


def test_an_entry_whose_page_is_not_there_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "here.md").touch()
    (tmp_path / "0001-one.md").touch()
    nav = ["here.md", "gone.md", {"Group": [{"Gone": "gone.md"}]}, {"All": ["./*"]}]
    assert hooks.present(nav, tmp_path) == ["here.md", {"All": ["0001-one.md"]}]


def test_recipes_are_many_and_each_is_on_the_page() -> None:
    found = recipes_page.recipes()
    text = recipes_page.page()
    assert len(found) >= FEWEST_RECIPES
    assert len({one.title for one in found}) == len(found)
    assert [one.title for one in found if f"### {one.title}\n\n{one.text}" not in text] == []


def test_nothing_in_the_site_is_fetched_from_elsewhere() -> None:
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assets = [path.read_text(encoding="utf-8") for path in (DOCS / "assets").iterdir()]
    assert [text for text in [config, *assets] if "http:" in text or "https:" in text] == []


def test_the_newest_release_of_the_changelog_is_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert headings[1] == project["version"]
