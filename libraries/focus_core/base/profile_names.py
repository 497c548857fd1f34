"""Profiles that testers extend: a YAML file each, found by its name as a tester writes it."""

from __future__ import annotations

from pathlib import Path

from focus_core.base.errors import BenchError


def names(folder: Path) -> list[str]:
    """The profiles that there are."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def find(name: str, folder: Path, kind: str) -> Path:
    """The file of the profile ``name``; ``kind`` is what it is a profile of. Raises ``BenchError`` with all names."""
    path = folder / f"{name.strip().lower().replace(' ', '_')}.yaml"
    if not path.is_file():
        there = names(folder)
        raise BenchError(f"There is no {kind} profile '{name}'; use one of {', '.join(there)}, or add it to {folder}.")
    return path
