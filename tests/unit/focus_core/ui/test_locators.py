"""Tables of locators become selectors, and a site replaces entries of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from focus_core.base.errors import BenchError
from focus_core.ui import locators

TABLES: locators.Tables = {
    "journal": {
        "table": {"role": "table", "name": "Alerts"},
        "alert": {"in": "table", "role": "button", "name": "{alert}"},
        "group": {"role": "button", "name": "Group of", "exact": False},
        "second": {"testid": "row", "nth": 1},
        "password": {"label": "Password"},
        "box": {"role": "checkbox", "checked": True},
    }
}


@pytest.mark.parametrize(
    ("element", "values", "selector"),
    [
        ("table", {}, 'role=table[name="Alerts"]'),
        ("alert", {"alert": 'a"1'}, 'role=table[name="Alerts"] >> role=button[name="a\\"1"]'),
        ("group", {}, 'role=button[name*="Group of"]'),
        ("second", {}, "data-testid=row >> nth=1"),
        ("password", {}, 'internal:label="Password"s'),
        ("box", {}, "role=checkbox[checked=true]"),
    ],
)
def test_an_entry_is_a_selector(element: str, values: dict[str, str], selector: str) -> None:
    assert locators.build(TABLES, "journal", element, **values) == selector


@pytest.mark.parametrize(
    ("view", "element", "sentence"),
    [
        ("diary", "table", "There is no table of the view 'diary' in variables/ui; there are: journal."),
        ("journal", "tabel", "The table of the view 'journal' has no 'tabel'; it has: table, alert"),
        ("journal", "alert", "'alert' of the view 'journal' needs a value for 'alert'."),
    ],
)
def test_what_is_missing_is_named(view: str, element: str, sentence: str) -> None:
    with pytest.raises(BenchError) as caught:
        locators.build(TABLES, view, element)
    assert sentence in str(caught.value)


def test_the_tables_of_the_project_can_be_read() -> None:
    tables = locators.load()
    assert {"login", "journal", "map", "analysis", "templates"} <= set(tables)
    for table in tables.values():
        for entry in table.values():
            assert "in" not in entry or entry["in"] in table


def test_a_site_replaces_entries(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("login:\n  sign in: {role: button, name: Log in}\n")
    tables = locators.load(own)
    assert locators.build(tables, "login", "sign in") == 'role=button[name="Log in"]'
    assert tables["login"]["user name"] == locators.load()["login"]["user name"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("diary: {}", "names the view 'diary'"),
        ("login:\n  sign in: {name: Log in}", "'sign in' has neither role, testid, label nor css"),
        ("login:\n  sign in: {role: button, title: Log in}", "the key 'title'; allowed are: role"),
        ("login: [1", "cannot be read"),
        ("just words", "is not a table of elements"),
    ],
)
def test_a_bad_replacement_is_refused_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(text)
    with pytest.raises(BenchError) as caught:
        locators.load(own)
    assert sentence in str(caught.value)
    assert str(own) in str(caught.value)
