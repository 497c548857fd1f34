"""What keeps a text from being a test here: found by parsing alone, before anything of it is run, dry runs included.

A dry run imports libraries and variable files and evaluates inline Python, so that it is code of whoever wrote the
text. So is parsing where a line names a language: Robot Framework imports that name when it is none of its languages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError
from robot.api import Token, get_model
from robot.api.parsing import ModelVisitor

from mcp_servers.base.text import clean, hidden
from mcp_servers.focus_tests import words
from pipeline.paths import LIBRARIES, RESOURCES
from pipeline.vocabulary import normalized

MOST_BYTES = 32 * 1024
_MOST_SHOWN = 10
# Of Robot Framework's own libraries those that only handle values.
_VALUE_LIBRARIES = ("Collections", "String", "DateTime")
# Of BuiltIn the keywords that handle values, log, and end a test; none that runs another keyword, imports, or
# evaluates an expression.
_BUILTIN = """
Catenate, Comment, Convert To Boolean, Convert To Bytes, Convert To Integer, Convert To Number, Convert To String,
Create Dictionary, Create List, Fail, Get Count, Get Length, Get Time, Length Should Be, Log, Log Many, Log To Console,
No Operation, Pass Execution, Set Suite Variable, Set Tags, Set Test Documentation, Set Test Message, Set Test Variable,
Set Variable, Should Be Empty, Should Be Equal, Should Be Equal As Integers, Should Be Equal As Numbers,
Should Be Equal As Strings, Should Contain, Should Contain Any, Should Contain X Times, Should End With, Should Match,
Should Match Regexp, Should Not Be Empty, Should Not Be Equal, Should Not Be Equal As Integers,
Should Not Be Equal As Numbers, Should Not Be Equal As Strings, Should Not Contain, Should Not Contain Any,
Should Not End With, Should Not Match, Should Not Match Regexp, Should Not Start With, Should Start With, Skip, Sleep
"""
# Robot replaces these before a test runs, or evaluates what stands in them: inline Python, the environment, calls and
# private members of objects.
_EVALUATED = (
    (re.compile(r"[$@&]\s*\{\s*\{"), "holds inline Python (${{...}})"),
    (re.compile(r"%\s*\{"), "reads a variable of the environment (%{...})"),
    (re.compile(r"[$@&]\{[^}]*[(_]{2}"), "reaches into Python (a variable with __ in it)"),
    (re.compile(r"[$@&]\{[^}]*\("), "calls Python (a variable with a call in it)"),
    # Nothing else may stand between the braces than a name, attributes, an item: what a variable inside of it, an
    # escape or braces of their own make of the name is inline Python too.
    (
        re.compile(r"[$@&]\{(?![\w .:,=/+'\"\[\]-]+\})"),
        "makes the name of a variable (braces, escapes or a variable in it)",
    ),
)
_VARIABLE = re.compile(r"[$@&%]\{")
# Operators whose expectation is an expression of Python.
_PYTHON_OPERATORS = ("validate", "then", "evaluate")
_RUNS = "run"
# Robot evaluates what a FOR IN RANGE counts by, also what a variable holds then.
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# Of the libraries of values: reads a file where the text is the path of one, and any attribute of its arguments.
_READS = ("Format String",)
# In any column, as Robot Framework takes it, and more.
_LANGUAGE = re.compile(r"^[\s|]*language\s*:", re.IGNORECASE | re.MULTILINE)
_PREFIX = re.compile(r"^(?:given|when|then|and|but)\s+", re.IGNORECASE)


def require_none(text: str) -> None:
    """Raises ToolError with all reasons."""
    if found := refusals(text):
        raise ToolError("This text is refused: " + " ".join(found))


def refusals(text: str) -> list[str]:
    """A sentence for each reason, with its line; empty for a text that may be tried by a dry run."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        return [f"The text is longer than {MOST_BYTES} bytes."]
    if found := hidden(text):
        codes = ", ".join(sorted(f"U+{ord(one):04X}" for one in found))
        return [f"The text holds characters that nobody sees: {codes}."]
    if _LANGUAGE.search(text):
        return ["The text names a language, by which Robot Framework may import a module: write English headings."]
    # A file object: a text of one line would be taken for a path.
    model = get_model(io.StringIO(text))
    visitor = _Visitor(_defined(model))
    visitor.visit(model)
    if not visitor.tests:
        visitor.found.append("There is no test in it.")
    return list(dict.fromkeys(visitor.found))[:_MOST_SHOWN]


def _defined(model: Any) -> set[str]:
    """Names of the keywords that the text defines itself."""
    return {
        normalized(keyword.name)
        for section in model.sections
        for keyword in getattr(section, "body", [])
        if type(keyword).__name__ == "Keyword"
    }


class _Visitor(ModelVisitor):  # type: ignore[misc] # Robot's class is not typed
    """Goes through every statement of a file."""

    def __init__(self, own: set[str]) -> None:
        self.found: list[str] = []
        self.tests = 0
        self._allowed = allowed_keywords()
        self._known = own | self._allowed

    def visit_TestCase(self, node: Any) -> None:  # noqa: N802 - the name that Robot calls
        self.tests += 1
        self.generic_visit(node)

    def visit_If(self, node: Any) -> None:  # noqa: N802
        self._refuse(node, "has an IF, whose condition is Python: write two tests, or check with an operator")
        self.generic_visit(node)

    def visit_While(self, node: Any) -> None:  # noqa: N802
        self._refuse(node, "has a WHILE, whose condition is Python: wait with 'within='")
        self.generic_visit(node)

    def visit_For(self, node: Any) -> None:  # noqa: N802
        if "RANGE" in (node.flavor or "").upper():
            for value in node.values:
                if not _NUMBER.fullmatch(value):
                    self._refuse(node, f"counts by '{value}', which is Python: write numbers")
        self.generic_visit(node)

    def visit_Statement(self, node: Any) -> None:  # noqa: N802
        for token in node.data_tokens:
            self._check_value(node, token.value)
        if node.type in (Token.LIBRARY, Token.RESOURCE, Token.VARIABLES):
            self._check_import(node)
        for name in _called(node):
            self._check_call(node, name)
        if node.errors:
            self._refuse(node, f"is no valid data: {'; '.join(node.errors)}")

    def _check_value(self, node: Any, value: str) -> None:
        for pattern, why in _EVALUATED:
            if pattern.search(value):
                self._refuse(node, why)
                return
        if value.casefold() in _PYTHON_OPERATORS:
            self._refuse(node, f"uses the operator '{value}', whose expectation is Python")

    def _check_import(self, node: Any) -> None:
        name = node.get_value(Token.NAME) or ""
        arguments = node.get_values(Token.ARGUMENT)
        allowed = {Token.LIBRARY: libraries(), Token.RESOURCE: resources()}.get(node.type, frozenset())
        if name not in allowed or arguments:
            what = " ".join([node.type.title(), name, *arguments])
            self._refuse(node, f"imports '{what}'; imports are resources and libraries of the project, by name")

    def _check_call(self, node: Any, written: str) -> None:
        name = normalized(_PREFIX.sub("", written))
        owner, _, bare = name.rpartition(".")
        named = owner in {normalized(one) for one in libraries() | resources()} | {"builtin"}
        # With its library's name a word is that library's, whatever the text calls its own.
        name, known = (bare, self._allowed) if named else (name, self._known)
        if _VARIABLE.search(written):
            self._refuse(node, f"calls '{written}', a name that a variable makes")
        elif name.startswith(_RUNS):
            self._refuse(node, f"calls '{written}': what runs other keywords, commands or processes is for people")
        elif name not in known:
            self._refuse(node, f"calls '{written}', which is no keyword of the project{words.nearest(written)}")

    def _refuse(self, node: Any, why: str) -> None:
        self.found.append(f"Line {node.lineno} {clean(why)[:300]}.")


def _called(node: Any) -> Iterator[str]:
    """The keywords that a statement calls: of a test's row, a setup, a teardown, a template."""
    kinds = (Token.KEYWORD, Token.NAME)
    settings = (Token.SUITE_SETUP, Token.SUITE_TEARDOWN, Token.TEST_SETUP, Token.TEST_TEARDOWN, Token.TEST_TEMPLATE,
                Token.SETUP, Token.TEARDOWN, Token.TEMPLATE)  # fmt: skip
    if node.type == Token.KEYWORD or node.type in settings:
        for token in node.get_tokens(*kinds):
            if token.value and token.value.upper() != "NONE":
                yield token.value


@cache
def libraries() -> frozenset[str]:
    """The libraries that a text may import."""
    return frozenset([*_VALUE_LIBRARIES, *(path.stem for path in LIBRARIES.glob("*Library.py"))])


@cache
def resources() -> frozenset[str]:
    """The resources, as a suite names them."""
    return frozenset(path.name for path in RESOURCES.rglob("*.resource"))


def allowed_keywords() -> set[str]:
    """Normalized names: the project's words, the harmless ones of BuiltIn, and those of libraries of values."""
    return _harmless() | {normalized(one.name) for one in words.every()}


@cache
def _harmless() -> set[str]:
    from robot.libdocpkg import LibraryDocumentation

    values = [one.name for name in _VALUE_LIBRARIES for one in LibraryDocumentation(name).keywords]
    return {normalized(name.strip()) for name in [*values, *_BUILTIN.split(",")]} - set(map(normalized, _READS))
