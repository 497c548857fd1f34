"""The shape of the suites: no programming, few tests in a file, every suite opens the site and closes it."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from robot.api.parsing import ModelVisitor, get_model
from support import suite_files
from support.suite_files import ROOT

MOST_TESTS = 10
BESIDE = {"node.resource", "raw_requests.resource", "ui.resource"}
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


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_suites_hold_no_programming() -> None:
    found = {shown(path): programming(path) for path in suite_files.files()}
    offenders = {name: statements for name, statements in found.items() if statements}
    assert not offenders, f"Move it into a resource or a library: {offenders}"


def expressions(paths: list[Path]) -> list[str]:
    return [
        f"{shown(path)}: {line.strip()}"
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if "${{" in line
    ]


def test_suites_hold_no_expressions() -> None:
    lines = expressions(suite_files.files())
    assert not lines, f"Give these a name in a library: {lines}"


def test_resources_hold_no_expressions() -> None:
    resources = sorted((ROOT / "resources").rglob("*.resource"))
    assert resources
    lines = expressions(resources)
    assert not lines, f"Give these a name in a library: {lines}"


def test_a_file_has_few_tests() -> None:
    counts = Counter(shown(test.file) for test in suite_files.tests() if not test.templated)
    long = {name: count for name, count in counts.items() if count > MOST_TESTS}
    assert not long, f"At most {MOST_TESTS} tests a file, tables aside: {long}"


def test_a_file_has_tests() -> None:
    files = [path for path in suite_files.files() if path.name != "__init__.robot"]
    assert files
    empty = [shown(path) for path in files if path not in {test.file for test in suite_files.tests()}]
    assert not empty, f"Files without a test: {empty}"


def test_a_suite_opens_and_closes_the_site() -> None:
    other = [
        shown(Path(str(suite.source)))
        for suite in suite_files.suites()
        if (suite.setup.name, suite.teardown.name) != ("Open Site", "Close Site")
    ]
    assert not other, f"Suite Setup is 'Open Site' with the interfaces, Suite Teardown is 'Close Site': {other}"


def test_a_suite_names_no_path() -> None:
    imports = [
        f"{shown(path)}: {line}"
        for path in suite_files.files()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("Resource", "Library")) and ("/" in line or "\\" in line)
    ]
    assert not imports, f"Resources are found by name: {imports}"


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
