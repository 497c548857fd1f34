"""The server `pz`: refs, texts, changes of the product's sources, and the tests that a change touches."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field

from mcp_servers.base.confirmation import Plan
from mcp_servers.base.text import untrusted
from mcp_servers.base.toolbox import Toolbox
from pipeline.checks.missing_specs import suite_tests
from pipeline.product_sources import affected, notes
from pipeline.product_sources.checkout import repository

LINES = 200
_LONG = 60_000
_INSTRUCTIONS = "The sources of the product under test, in one checkout. Its files are read as they are at a commit."
Ref = Annotated[str, Field(description="A branch, tag or commit; HEAD is what is checked out", max_length=200)]
Path = Annotated[str, Field(description="A path from the root of the sources, with slashes", max_length=500)]


def toolbox() -> Toolbox:
    """The tools; the checkout is looked for when one is called."""
    box = Toolbox("pz", _INSTRUCTIONS)
    _read(box)
    _write(box)
    return box


def _read(box: Toolbox) -> None:
    @box.reads
    def refs() -> dict[str, Any]:
        """The version that is checked out, and the branches and tags, the newest first."""
        sources = repository()
        return {"checked_out": _version(sources.version()), "refs": [asdict(ref) for ref in sources.refs()]}

    @box.reads
    def services(ref: Ref = "HEAD") -> dict[str, Any]:
        """The services of the product, with the folder of each."""
        return {"services": repository().services(ref)}

    @box.reads
    def search(words: str, ref: Ref = "HEAD", folder: Path = "") -> dict[str, Any]:
        """Lines that hold exactly these words, in any case of letters: path, number and text of each."""
        hits = repository().search(words, ref, folder)
        return {"hits": [{"path": hit.path, "line": hit.line, **untrusted(hit.text, 300)} for hit in hits]}

    @box.reads
    def read(path: Path, ref: Ref = "HEAD", first_line: int = 1, lines: int = LINES) -> dict[str, Any]:
        """Lines of a text file, counted from 1."""
        whole = repository().read(path, ref).splitlines()
        first = max(first_line, 1)
        shown = whole[first - 1 : first - 1 + max(lines, 1)]
        return {"path": path, "first_line": first, "of_lines": len(whole), **untrusted("\n".join(shown), _LONG)}

    @box.reads
    def diff(old: Ref, new: Ref = "HEAD", path: Path = "") -> dict[str, Any]:
        """The difference between two versions: the files, and the patch, of one file or folder where one is given."""
        sources = repository()
        return {
            "files": [asdict(change) for change in sources.changes(old, new)],
            **untrusted(sources.diff(old, new, path), _LONG),
        }

    @box.reads
    def affected_tests(old: Ref, new: Ref = "HEAD") -> dict[str, Any]:
        """The tests that the changes between two versions touch, by area, and the command that runs them."""
        sources = repository()
        paths = [change.path for change in sources.changes(old, new)]
        found = affected.of(paths, suite_tests(), sources.services_in)
        return {
            "command": found.command,
            "areas": {
                area: {"changed": paths, "count": len(found.tests[area]), "tests": found.tests[area]}
                for area, paths in found.areas.items()
            },
            "unknown_paths": found.unknown,
        }


def _write(box: Toolbox) -> None:
    def plan_update(ref: Ref) -> Plan:
        version = repository().version()
        return Plan(f"Fetch the product's sources and move the checkout from {version} to {ref}.", version.commit)

    def plan_sync(ref: Ref = "HEAD") -> Plan:
        found = notes.find(repository(), ref)
        return Plan(
            f"Copy {len(found.paths)} notes of the contract at {found.version.commit[:12]} into {notes.FOLDER}, in the "
            "place of those that are there.",
            found.version.commit,
        )

    @box.writes(plan_update)
    def update(ref: Ref) -> dict[str, Any]:
        """Fetches the latest sources and checks out a branch, tag or commit. Local changes are never lost."""
        return {"checked_out": _version(repository().update(ref))}

    @box.writes(plan_sync)
    def sync_docs(ref: Ref = "HEAD") -> dict[str, Any]:
        """Copies the notes of the contract (documents, protos, OpenAPI files) at a version beside the results."""
        sources = repository()
        found = notes.find(sources, ref)
        return {"folder": str(notes.sync(sources, found)), "commit": found.version.commit, "paths": list(found.paths)}


def _version(version: Any) -> dict[str, Any]:
    data = asdict(version)
    return data | {"subject": untrusted(data["subject"], 300)}
