"""What MkDocs calls while it builds the site (`hooks` in mkdocs.yml)."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from pipeline.docs_site import contract_page, dialect, recipes_page

# Pages that are made of data when the site is built; what stands in docs/ is for who reads the checkout.
MADE = {"recipes.md": recipes_page.page, "contract-record.md": contract_page.page}
_LINK = re.compile(r"\[(?P<text>[^]]*)\]\((?P<path>(?:\.\./)+[^)#\s]*)[^)]*\)")
Nav = list[Any]  # pages, or their titles with a page or a navigation


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Leave the pages out of the navigation that are not there."""
    config.nav = present(config.nav or [], Path(config.docs_dir))
    return config


def present(nav: Nav, docs: Path) -> Nav:
    """Those entries of a navigation whose page is in ``docs``; ``folder/*`` stands for all numbered pages."""
    kept: Nav = []
    for entry in nav:
        for title, target in (entry if isinstance(entry, dict) else {"": entry}).items():
            if isinstance(target, list):
                inner = present(target, docs)
                kept += [{title: inner}] if inner else []
            elif target.endswith("/*"):
                kept += [
                    page.relative_to(docs).as_posix() for page in sorted(docs.glob(f"{target}.md")) if _numbered(page)
                ]
            elif (docs / target).exists():
                kept.append(entry)
    return kept


def on_page_markdown(markdown: str, page: Page, **_others: object) -> str:
    """A page as MkDocs reads it: what it links to outside of docs/ is named, for the site does not have it."""
    uri = page.file.src_uri
    text = MADE[uri]() if uri in MADE else markdown
    return dialect.for_mkdocs(without_links_outside(text, uri))


def without_links_outside(markdown: str, uri: str) -> str:
    """Links that lead out of docs/, as text with the path in the checkout."""

    def named(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join("docs", posixpath.dirname(uri), link["path"]))
        if target.startswith("docs/"):
            return link[0]
        text = link["text"]
        return f"`{target}`" if text.strip("`") in target else f"{text} (`{target}`)"

    return _LINK.sub(named, markdown)


def _numbered(page: Path) -> bool:
    return page.name[0].isdigit()
