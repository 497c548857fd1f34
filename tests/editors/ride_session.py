"""Run by RIDE's own Python: opens a copy of the suites in a real RIDE, works in it as a tester does, reports as JSON.

Arguments: the folder of the suites, the file of the settings, the file of the report, the picture of the window.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import wx
from robotide.application import RIDE
from robotide.controller.ctrlcommands import AddKeyword, AddTestCase, AddTestCaseFile, SaveFile

ASSIGNED = re.compile(r"[$@&]\{[^}]*\} ?=?$")
# Settings that name a word, of files and of tests.
FIXTURES = {f"{of}{what}".strip() for of in ("Suite ", "Test ", "") for what in ("Setup", "Teardown", "Template")}
NEW_SUITE = "made_in_ride"
NEW_WORD = "Rate Should Be A Kilohertz"
NEW_TEST = "A Word Of One's Own Is Used"
TOLERANCE_ROW = ["Value Should Be About", "Rate (Hz)", "${rate}", "1000", "tolerance=1 %"]
# A step of the window: RIDE draws and publishes between two of them.
STEP_MS = 1500


def words_of(steps: Any) -> Iterator[str]:
    """The first cell of each row that is neither an assignment nor the continuation of the row before."""
    for step in steps:
        cells = [cell for cell in step.as_list() if cell and not ASSIGNED.match(cell)]
        if cells and cells[0] != "..." and not cells[0].startswith("#"):
            yield cells[0]


def all_words(file: Any) -> Iterator[tuple[str, str]]:
    """Where a word is used in a file, and the word: of rows, templates, setups and teardowns."""
    for setting in file.settings:
        if setting.label in FIXTURES and setting.is_set:
            yield setting.label, setting.value.split(" | ")[0]
    for macro in [*file.tests, *file.keywords]:
        for setting in macro.settings:
            if setting.label in FIXTURES and setting.is_set:
                yield macro.name, setting.value.split(" | ")[0]
        if not macro.has_template():
            for word in words_of(macro.steps):
                yield macro.name, word


def look(app: RIDE) -> dict[str, Any]:
    """Tests that RIDE sees, by file; words that it does not know."""
    files = [file for file in app._controller.datafiles if str(file.source).endswith(".robot")]
    tests = {str(file.source): [test.name for test in file.tests] for file in files}
    words = [(str(file.source), where, word) for file in files for where, word in all_words(file)]
    known = app.namespace.find_keyword
    by_source = {str(file.source): file for file in files}
    unknown = [use for use in words if not known(by_source[use[0]].datafile, use[2])]
    nonsense = known(files[0].datafile, "Word That Nobody Has Written") is not None
    return {"tests": tests, "words": len(words), "unknown": unknown, "knows_nonsense": nonsense}


def save_all(app: RIDE) -> None:
    for file in app._controller.datafiles:
        if str(file.source).endswith(".robot"):
            file.mark_dirty()  # RIDE writes nothing for a suite without a change
            file.execute(SaveFile())


def new_suite(app: RIDE) -> Any:
    """A suite with a word and a test of its own, both still empty."""
    folder = app._controller.data
    path = Path(folder.directory) / f"{NEW_SUITE}.robot"
    suite = app._controller.controller.execute(AddTestCaseFile(str(path)))
    suite.imports.add_resource("focus.resource")
    word = suite.execute(AddKeyword(NEW_WORD, "${rate}")) or suite.keywords[-1]
    test = suite.execute(AddTestCase(NEW_TEST)) or suite.tests[-1]
    return suite, word, test


def type_into_grid(app: RIDE, macro: Any, rows: list[list[str]]) -> None:
    """Selects the macro in the tree, and writes cells into the grid that RIDE opens for it."""
    app.treeplugin.tree.select_node_by_data(macro)
    grid = app.editor._editor.kweditor
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            grid.cell_value_edited(row, column, cell)


def picture(app: RIDE, path: str) -> None:
    width, height = app.frame.GetClientSize()
    bitmap = wx.Bitmap(width, height)
    memory = wx.MemoryDC(bitmap)
    memory.Blit(0, 0, width, height, wx.ClientDC(app.frame), 0, 0)
    memory.SelectObject(wx.NullBitmap)
    bitmap.SaveFile(path, wx.BITMAP_TYPE_PNG)


def session(app: RIDE, report: Path, picture_path: str) -> list[Callable[[], None]]:
    seen: dict[str, Any] = {}
    made: list[Any] = []
    return [
        lambda: seen.update(look(app)),
        lambda: save_all(app),
        lambda: made.extend(new_suite(app)),
        lambda: type_into_grid(app, made[1], [TOLERANCE_ROW]),
        lambda: type_into_grid(app, made[2], [[NEW_WORD, "1000.4"]]),
        lambda: picture(app, picture_path),
        lambda: made[0].execute(SaveFile()),
        lambda: report.write_text(json.dumps(seen | {"made": str(made[0].source)}), encoding="utf-8") and None,
    ]


def play(steps: list[Callable[[], None]]) -> None:
    """One step after the other; RIDE ends with the last one, or with the first that fails."""
    try:
        steps[0]()
    except Exception:  # noqa: BLE001 - whatever it is, wx would swallow it and go on
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    if len(steps) == 1:
        os._exit(0)
    wx.CallLater(STEP_MS, play, steps[1:])


if __name__ == "__main__":
    folder, settings, report, picture_path = sys.argv[1:]
    ride = RIDE(folder, False, settings)
    wx.CallLater(STEP_MS, play, session(ride, Path(report), picture_path))
    ride.MainLoop()
