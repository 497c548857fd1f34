"""The shape of the suites: no programming, few tests in a file, every suite opens the site and closes it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from robot.api.parsing import ModelVisitor, get_model
from support import suite_files
from support.suite_files import ROOT

MOST_TESTS = 10
BESIDE = {"node.resource", "raw_requests.resource"}
FORBIDDEN_KEYWORDS = {"evaluate", "sleep", "runkeywordandreturnstatus", "runkeywordif", "runkeywordunless"}
FORBIDDEN_STATEMENTS = {"If", "For", "While", "Try"}


class ProgrammingFinder(ModelVisitor):  # type: ignore[misc]
    """Collects what is programming rather than saying what is tested."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_KeywordCall(self, node: object) -> None:  # noqa: N802 - named by Robot
        name = str(getattr(node, "keyword", "") or "").replace(" ", "").replace("_", "").lower()
        if name.removeprefix("builtin.") in FORBIDDEN_KEYWORDS:
            self.found.append(str(getattr(node, "keyword", "")))

    def generic_visit(self, node: ast.AST) -> None:
        if type(node).__name__ in FORBIDDEN_STATEMENTS:
            self.found.append(type(node).__name__.upper())
        super().generic_visit(node)


def programming(source: Path | str) -> list[str]:
    finder = ProgrammingFinder()
    finder.visit(get_model(source))
    return finder.found


@pytest.fixture(params=suite_files.files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_suites_hold_no_programming(path: Path) -> None:
    assert not programming(path), f"{path.relative_to(ROOT)}: move it into a resource or a library"


def test_suites_hold_no_expressions(path: Path) -> None:
    found = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if "${{" in line]
    assert not found, f"{path.relative_to(ROOT)}: give it a name in a resource"


def test_a_file_has_few_tests(path: Path) -> None:
    tests = [test for test in suite_files.tests() if test.file == path]
    assert len([test for test in tests if not test.templated]) <= MOST_TESTS


def test_a_file_has_tests(path: Path) -> None:
    if path.name != "__init__.robot":
        assert [test for test in suite_files.tests() if test.file == path]


@pytest.mark.parametrize("suite", suite_files.suites(), ids=lambda suite: suite.full_name)
def test_a_suite_opens_and_closes_the_site(suite: object) -> None:
    source = Path(str(suite.source)).relative_to(ROOT)  # type: ignore[attr-defined]
    assert suite.setup.name == "Open Site", f"{source}: Suite Setup is 'Open Site' with the interfaces"  # type: ignore[attr-defined]
    assert suite.teardown.name == "Close Site", f"{source}: Suite Teardown is 'Close Site'"  # type: ignore[attr-defined]


def test_a_suite_names_no_path(path: Path) -> None:
    imports = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(("Resource", "Library"))
    ]
    assert not [line for line in imports if "/" in line or "\\" in line], f"{path}: resources are found by name"


def test_every_suite_has_the_one_import() -> None:
    """All words come with focus.resource; only two libraries that load slowly are imported beside it."""
    offenders = []
    for path in suite_files.files():
        imports = imported(path.read_text(encoding="utf-8"))
        if path.name != "__init__.robot" and (imports[:1] != ["focus.resource"] or not BESIDE.issuperset(imports[1:])):
            offenders.append(f"{path.relative_to(ROOT)}: {', '.join(imports)}")
    assert not offenders, f"import focus.resource and beside it no more than {', '.join(sorted(BESIDE))}: {offenders}"


def imported(source: str) -> list[str]:
    """What the lines of a suite's settings import, in their order."""
    lines = [line.split() for line in source.splitlines()]
    return [line[1] for line in lines if line[:1] in (["Resource"], ["Library"], ["Variables"])]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    IF    $x    Log    1", ["IF"]),
        ("    FOR    ${x}    IN    1\n        Log    ${x}\n    END", ["FOR"]),
        ("    ${x} =    Evaluate    1 + 1", ["Evaluate"]),
        ("    BuiltIn.Sleep    1s", ["BuiltIn.Sleep"]),
        ("    ${x} =    Run Keyword And Return Status    Log    1", ["Run Keyword And Return Status"]),
        ("    Log    1", []),
    ],
)
def test_the_guard_knows_programming(body: str, expected: list[str]) -> None:
    assert programming(f"*** Test Cases ***\nExample\n{body}\n") == expected
