"""Imports go downward and never round in a circle, and the parts of the project keep apart."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from support import import_graph
from support.import_graph import Graph

ROOT = Path(__file__).resolve().parents[2]
# The packages of focus_core, from the lowest level to the highest.
LEVELS = (
    ("base",),
    ("site",),
    ("contract",),
    ("node", "server", "webapp", "mongodb", "rabbitmq", "product_sources"),
    ("cluster",),
    ("logs",),
    ("run",),
    ("views",),
    ("streams",),
    ("load", "data", "ui", "access"),
    ("disruption",),
)
TESTS = ("tests", "support")
# What a part must not know.
APART = {
    "simulator": ("focus_core", "focus_keywords", "pipeline", "strength", "mcp_servers", *TESTS),
    "focus_core": ("focus_keywords", "simulator", "pipeline", "strength", "mcp_servers", *TESTS),
    "focus_keywords": ("simulator", "pipeline", "strength", "mcp_servers", *TESTS),
    "pipeline": ("simulator", "strength", "mcp_servers", *TESTS),
    "strength": ("simulator", "mcp_servers", *TESTS),
    "mcp_servers": ("simulator", "strength", *TESTS),
    "run": ("simulator", "strength", "mcp_servers", *TESTS),
}
# What is made of results: `pipeline/commands` hands these parts each other's data.
OF_RESULTS = ("pipeline.xray", "pipeline.ci", "pipeline.history", "pipeline.coverage", "pipeline.baseline")
# Where results of Robot Framework are read.
RESULTS = "pipeline.results"
READERS = ("robot.api.ExecutionResult", "robot.result.ExecutionResult", "xml")
NOT_RESULTS = {"pipeline.checks.steps": "counts the tests in xunit files, those of pytest too"}


@cache
def sources() -> Graph:
    """The project without its tests."""
    paths = {"run": ROOT / "run.py"} | import_graph.modules(ROOT / "libraries", ROOT / "libraries")
    for part in ("simulator", "pipeline", "strength", "mcp_servers"):
        paths |= import_graph.modules(ROOT / part, ROOT)
    return import_graph.graph(paths)


def libraries() -> list[str]:
    return sorted(path.stem for path in (ROOT / "libraries").glob("*.py"))


def shown(found: list[str]) -> str:
    return "\n" + "\n".join(found)


def test_the_whole_project_is_seen() -> None:
    parts = {"run", "focus_core", "simulator", "pipeline", "strength", "mcp_servers"}
    assert {name.partition(".")[0] for name in sources()} >= parts
    assert set(libraries()) <= set(sources())


def test_nothing_imports_in_a_circle() -> None:
    found = import_graph.circles(sources())
    assert not found, shown(found)


def test_focus_core_imports_only_downward() -> None:
    found = import_graph.upward(sources(), "focus_core", LEVELS)
    assert not found, shown(found)


@pytest.mark.parametrize("part", APART)
def test_parts_keep_apart(part: str) -> None:
    found = import_graph.between(sources(), part, APART[part])
    assert not found, shown(found)


def test_what_is_made_of_results_keeps_apart() -> None:
    for part in OF_RESULTS:
        others = tuple(other for other in OF_RESULTS if other != part)
        found = import_graph.between(sources(), part, others)
        assert not found, shown(found)
    below = import_graph.between(sources(), RESULTS, (*OF_RESULTS, "pipeline.commands"))
    assert not below, shown(below)


def test_libraries_keep_apart_from_what_runs_them() -> None:
    found = [line for name in libraries() for line in import_graph.between(sources(), name, APART["focus_keywords"])]
    assert not found, shown(found)


def test_no_library_is_imported_from_below() -> None:
    names = tuple(libraries())
    found = [line for part in ("focus_core", "focus_keywords") for line in import_graph.between(sources(), part, names)]
    assert not found, shown(found)


def test_results_of_robot_are_read_in_one_place() -> None:
    others = [name for name in sources() if not import_graph.is_in(name, RESULTS) and name not in NOT_RESULTS]
    readers = [line for name in others for line in import_graph.between({name: sources()[name]}, name, READERS)]
    assert not readers, shown(readers)


def tree(folder: Path, files: dict[str, str]) -> Graph:
    """The imports of a made-up project: texts by paths."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return import_graph.graph(import_graph.modules(folder, folder))


@pytest.mark.parametrize(
    "back",
    [
        "from core.one import thing",
        "from core import one",
        "import core.one",
        "from .one import thing",
        "from . import one",
        "def late():\n    from core.one import thing",
    ],
)
def test_a_circle_is_found_however_it_is_closed(tmp_path: Path, back: str) -> None:
    files = {"core/one.py": "import core.two", "core/two.py": "from core import three", "core/three.py": back}
    assert import_graph.circles(tree(tmp_path, files)) == ["core.one, core.three, core.two"]


def test_a_package_that_imports_its_modules_can_be_in_a_circle(tmp_path: Path) -> None:
    files = {"core/__init__.py": "from core.one import a", "core/one.py": "from core import b"}
    assert import_graph.circles(tree(tmp_path, files)) == ["core, core.one"]


def test_two_circles_are_two_lines_and_a_line_is_none(tmp_path: Path) -> None:
    files = {"a.py": "import b", "b.py": "import a, c", "c.py": "import d, os", "d.py": "import e", "e.py": "import d"}
    assert import_graph.circles(tree(tmp_path, files)) == ["a, b", "d, e"]
    assert import_graph.circles(tree(tmp_path, {"b.py": "import c", "e.py": ""})) == []


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("low/a.py", "from core.high import a", ["core.low.a -> core.high.a"]),
        ("low/a.py", "def late():\n    import core.high.a", ["core.low.a -> core.high.a"]),
        ("left/a.py", "from core.right.a import thing", ["core.left.a -> core.right.a"]),
        ("high/b.py", "from core.low.a import thing\nfrom core.high.a import thing", []),
        ("other/a.py", "", ["core.other.a is on no level"]),
        ("loose.py", "from core.low.a import thing", ["core.loose -> core.low.a", "core.loose is on no level"]),
    ],
)
def test_an_upward_import_is_found(tmp_path: Path, path: str, text: str, found: list[str]) -> None:
    files = {f"core/{package}/a.py": "" for package in ("low", "left", "right", "high")} | {f"core/{path}": text}
    levels = (("low",), ("left", "right"), ("high",))
    assert import_graph.upward(tree(tmp_path, files), "core", levels) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import other.thing", ["one.a -> other.thing"]),
        ("from other import thing", ["one.a -> other.thing"]),
        ("def late():\n    from other.thing import name", ["one.a -> other.thing"]),
        ("from robot.api import ExecutionResult", ["one.a -> robot.api.ExecutionResult"]),
        ("import others, one.b\nfrom robot.api import logger", []),
    ],
)
def test_an_import_of_another_part_is_found(tmp_path: Path, text: str, found: list[str]) -> None:
    files = {"one/a.py": text, "one/b.py": "", "other/thing.py": "", "other/__init__.py": ""}
    apart = ("other", "robot.api.ExecutionResult")
    assert import_graph.between(tree(tmp_path, files), "one", apart) == found
