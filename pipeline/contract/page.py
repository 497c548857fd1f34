"""contract.html of a run: what it saw of the record, what it broke, and what the server answers beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2

from pipeline.contract import inferred
from pipeline.contract.coverage import Share
from pipeline.results.contract_seen import Seen

NAME = "contract.html"
_PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=jinja2.StrictUndefined
)


def write(seen: Seen, found: Mapping[str, Share], folder: Path) -> Path:
    """The page, beside the report of the run."""
    path = folder / NAME
    path.write_text(html(seen, found), encoding="utf-8")
    return path


def html(seen: Seen, found: Mapping[str, Share]) -> str:
    """The page; it needs no network."""
    template = _PAGES.get_template("page.html.jinja")
    return template.render(seen=seen, shares=found, inferred=inferred.of(seen))
