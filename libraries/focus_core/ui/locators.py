"""How the tests find the elements of the page: tables in ``variables/ui``, one a view, which a site can replace.

An entry is found by its role and name, as a person finds it, else by its test id, else by its label::

    filter: {role: button, name: Filter}
    journal: {testid: investigations-nav-element}
    password: {label: Password}
    row: {in: table, role: row, name: "{alert}"}

``in`` names the entry of the same table that it lies in. What stands in braces is given by the test.
"""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from focus_core.base import yaml_files
from focus_core.base.errors import BenchError
from focus_core.site import data as site_data
from focus_core.site.model import Site

FOLDER = Path(__file__).resolve().parents[3] / "variables" / "ui"
KEYS = ("role", "name", "exact", "checked", "selected", "testid", "label", "css", "in", "nth")

Table = dict[str, dict[str, Any]]
Tables = dict[str, Table]


class View:
    """The elements of one view: ``view.filter`` is a selector for Browser's keywords; spaces are underscores."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, element: str) -> str:
        # What pickle and others look for at any object.
        if element.startswith("_"):
            raise AttributeError(element)
        return selector(self._name, element.replace("_", " "))

    def of(self, element: str, /, **values: object) -> str:
        """The selector of an element whose entry has something in braces."""
        return selector(self._name, element.replace("_", " "), **values)

    def __repr__(self) -> str:
        return f"View({self._name})"


class Views:
    """The views of the page by name; no table is read before an element is asked for."""

    def __getattr__(self, name: str) -> View:
        if name.startswith("_"):
            raise AttributeError(name)
        return View(name)


def get_variables() -> dict[str, object]:
    """The variables of this file in Robot Framework: ``${UI}``, as in ``${UI.journal.filter}``."""
    return {"UI": Views()}


def selector(view: str, element: str, /, **values: object) -> str:
    """The selector of an element of the page of the running site.

    Raises ``BenchError`` naming table and entry when it is not there or a value for its braces is missing.
    """
    return build(_tables_of_running_site(), view, element, **values)


def css(view: str, element: str) -> str:
    """The CSS selector of an element whose entry is a test id or CSS, for scripts that read many at once.

    Raises ``BenchError`` for an entry that has neither.
    """
    entry = _entry(_tables_of_running_site(), view, element)
    if "testid" in entry:
        return f'[data-testid="{entry["testid"]}"]'
    if "css" in entry:
        return str(entry["css"])
    raise BenchError(f"'{element}' of the view '{view}' is read by a script: name its testid or css.")


def build(tables: Tables, view: str, element: str, /, **values: object) -> str:
    """The same, from these tables."""
    entry = _entry(tables, view, element)
    try:
        filled = {key: _filled(value, values) for key, value in entry.items()}
    except KeyError as missing:
        raise BenchError(f"'{element}' of the view '{view}' needs a value for {missing}.") from None
    own = _own_selector(filled)
    outer = filled.get("in")
    return f"{build(tables, view, outer, **values)} >> {own}" if outer else own


def load(override: Path | None = None) -> Tables:
    """The tables of ``variables/ui``, with what the file ``override`` replaces, entry by entry.

    Raises ``BenchError`` naming file and entry when something in them cannot be used.
    """
    found = {path.stem: _read(path) for path in sorted(FOLDER.glob("*.yaml"))}
    if override is None:
        return found
    own = _mapping(override)
    unknown = [view for view in own if view not in found]
    if unknown:
        raise BenchError(f"{override} names the view '{unknown[0]}'; there are: {', '.join(found)}.")
    return {view: table | _checked(override, own.get(view) or {}) for view, table in found.items()}


def _entry(tables: Tables, view: str, element: str) -> dict[str, Any]:
    table = tables.get(view)
    if table is None:
        raise BenchError(f"There is no table of the view '{view}' in variables/ui; there are: {', '.join(tables)}.")
    if element not in table:
        raise BenchError(f"The table of the view '{view}' has no '{element}'; it has: {', '.join(table)}.")
    return table[element]


def _own_selector(entry: Mapping[str, Any]) -> str:
    if "role" in entry:
        states = "".join(f"[{key}={str(entry[key]).lower()}]" for key in ("checked", "selected") if key in entry)
        operator = "=" if entry.get("exact", True) else "*="
        name = f"[name{operator}{json.dumps(entry['name'], ensure_ascii=False)}]" if "name" in entry else ""
        found = f"role={entry['role']}{name}{states}"
    elif "testid" in entry:
        found = f"data-testid={entry['testid']}"
    elif "label" in entry:
        found = f"internal:label={json.dumps(entry['label'], ensure_ascii=False)}s"
    else:
        found = f"css={entry['css']}"
    return f"{found} >> nth={entry['nth']}" if "nth" in entry else found


def _filled(value: Any, values: Mapping[str, object]) -> Any:
    return string.Formatter().vformat(value, (), values) if isinstance(value, str) and "{" in value else value


def _tables_of_running_site() -> Tables:
    return _tables_of_site(site_data.site())


@cache
def _tables_of_site(site: Site) -> Tables:
    return load(site.ui.locators)


def _read(path: Path) -> Table:
    return _checked(path, _mapping(path))


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = yaml_files.read(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BenchError(f"The locators in {path} cannot be read ({' '.join(str(error).split())}).") from None
    if not isinstance(content, dict):
        raise BenchError(f"{path} is not a table of elements; start from one in variables/ui.")
    return content


def _checked(path: Path, table: Any) -> Table:
    if not isinstance(table, dict):
        raise BenchError(f"{path} is not a table of elements; start from one in variables/ui.")
    for name, entry in table.items():
        keys = list(entry) if isinstance(entry, dict) else []
        if not keys or not {"role", "testid", "label", "css"} & set(keys):
            raise BenchError(f"{path}: '{name}' has neither role, testid, label nor css; add one.")
        unknown = [key for key in keys if key not in KEYS]
        if unknown:
            raise BenchError(f"{path}: '{name}' has the key '{unknown[0]}'; allowed are: {', '.join(KEYS)}.")
    return table
