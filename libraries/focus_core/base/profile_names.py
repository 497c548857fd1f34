"""Profiles that testers extend: a YAML file each, found by its name as a tester writes it."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from focus_core.base.errors import BenchError


def names(folder: Path) -> list[str]:
    """The profiles that there are."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def find(name: str, folder: Path, kind: str) -> Path:
    """The file of the profile ``name``; ``kind`` is what it is a profile of. Raises ``BenchError`` with like names."""
    path = folder / f"{name.strip().lower().replace(' ', '_')}.yaml"
    if not path.is_file():
        there = names(folder)
        known = ", ".join(get_close_matches(path.stem, there, n=3) or there)
        raise BenchError(f"There is no {kind} profile '{name}'; use one of {known}, or add it to {folder}.")
    return path
