"""The files below ``variables/hostile``: one class of hostile input each. Their README describes the keys."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from focus_core.base import yaml_files
from focus_core.base.errors import BenchError

FOLDER = Path(__file__).resolve().parents[4] / "variables" / "hostile"
# Beside the classes: the good requests whose fields the input goes into.
REQUESTS = "requests"

Place = Literal["text", "number", "path", "query", "header", "body"]
Answer = Literal["refused", "harmless"]
_FORMS = ("value", "json", "body", "hex")


@dataclass(frozen=True)
class Hostile:
    """One input: how the file writes it, the JSON text of it (None for a whole body), the bytes of a whole body, where
    it goes, and the right answer: ``refused`` (4xx), or ``harmless`` (any answer below 500).
    """

    shown: str
    json: str | None
    text: str | None
    body: bytes | None
    places: tuple[Place, ...]
    answer: Answer


def of_class(name: str) -> list[Hostile]:
    """The inputs of a class. Raises ``BenchError`` that names the file, the entry and what is allowed there."""
    path = FOLDER / f"{name}.yaml"
    if not path.is_file() or name == REQUESTS:
        known = ", ".join(classes())
        raise BenchError(f"There is no class of hostile input '{name}'; choose one of {known}, or add {path.name}.")
    content = yaml_files.read(path)
    entries = content.get("inputs") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not entries:
        raise BenchError(f"variables/hostile/{path.name}: 'inputs' has to be a list with at least one entry.")
    return [_entry(path.name, number, entry, content) for number, entry in enumerate(entries, 1)]


def classes() -> list[str]:
    """The names of all classes."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != REQUESTS)


def _entry(file: str, number: int, entry: Any, defaults: dict[str, Any]) -> Hostile:
    where = f"variables/hostile/{file}, entry {number}"
    if not isinstance(entry, dict):
        entry = {"value": entry}
    forms = [form for form in _FORMS if form in entry]
    unknown = set(entry) - {*_FORMS, "times", "goes_into", "answer"}
    if len(forms) != 1 or unknown:
        raise BenchError(
            f"{where}: exactly one of {', '.join(_FORMS)} is needed, and beside it times, goes_into and answer may "
            f"stand, not {', '.join(map(str, unknown)) or 'nothing else'}."
        )
    form, times = forms[0], int(entry.get("times", 1))
    text = str(entry[form]) * times
    places = entry.get("goes_into", ["body"] if form in ("body", "hex") else defaults.get("goes_into", []))
    answer = entry.get("answer", defaults.get("answer"))
    if not places or set(places) - set(get_args(Place)) or answer not in get_args(Answer):
        raise BenchError(
            f"{where}: goes_into has to be some of {', '.join(get_args(Place))}, answer one of "
            f"{', '.join(get_args(Answer))}."
        )
    shown = (f"{entry[form]}" if form == "json" else f"{entry[form]!r}") + (f" x {times}" if times > 1 else "")
    return Hostile(
        shown,
        text if form == "json" else json.dumps(text) if form == "value" else None,
        text if form == "value" else None,
        bytes.fromhex(text) if form == "hex" else text.encode() if form == "body" else None,
        tuple(places),
        answer,
    )
