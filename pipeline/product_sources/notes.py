"""Notes of the product's contract - its documents, protos and OpenAPI files - copied beside the results."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from focus_core.product_sources.repository import Repository, Version

from pipeline.errors import RunError
from pipeline.paths import RESULTS

FOLDER = RESULTS / "product_notes"
MOST_FILES, MOST_DEPTH = 200, 6
_NOTE = re.compile(r".*\.(md|rst|proto)|(openapi|swagger)[\w.-]*\.(ya?ml|json)", re.IGNORECASE)


@dataclass(frozen=True)
class Notes:
    """What would be copied, of which version."""

    version: Version
    paths: tuple[str, ...]


def find(sources: Repository, ref: str) -> Notes:
    """The notes at a ref. Raises BenchError for a ref that is none, RunError where there are none, or too many."""
    version = sources.version(ref)
    paths = tuple(_notes(sources, version.commit))
    if not paths:
        raise RunError(f"The product's sources have no documents, protos or OpenAPI files at {ref}.")
    if len(paths) > MOST_FILES:
        raise RunError(f"The product has over {MOST_FILES} notes at {ref}: read single ones instead.")
    return Notes(version, paths)


def _notes(sources: Repository, commit: str, folder: str = "", depth: int = 0) -> Iterator[str]:
    for name in sources.files(folder, commit):
        path = f"{folder}/{name}" if folder else name
        if name.endswith("/") and depth < MOST_DEPTH and not name.startswith("."):
            yield from _notes(sources, commit, path.rstrip("/"), depth + 1)
        elif _NOTE.fullmatch(name):
            yield path


def sync(sources: Repository, notes: Notes) -> Path:
    """Copies them, with a VERSION file; what an earlier copy had is replaced. Returns the folder."""
    made = FOLDER.with_name(f"{FOLDER.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    for path in notes.paths:
        target = made / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(sources.read(path, notes.version.commit), encoding="utf-8")
    (made / "VERSION").write_text(f"{notes.version}\n", encoding="utf-8")
    shutil.rmtree(FOLDER, ignore_errors=True)
    made.rename(FOLDER)
    return FOLDER
