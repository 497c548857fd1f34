"""What is refused by its words alone, before a dry run could execute it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_servers.focus_tests import refusals, words
from pipeline.vocabulary import Found
from pipeline.word_search import Entry, Index

GOOD = """\
*** Settings ***
Documentation     What a reader wants to know.
Resource          focus.resource
Library           Collections
Suite Setup       Open Site    rest
Suite Teardown    Close Site
Test Tags         sandbox

*** Variables ***
${CHANNELS}       11-109

*** Test Cases ***
A View Is Open
    [Documentation]    In Hebrew: תצוגה
    ${view} =    Open Live View    channels=${CHANNELS}
    ${fields} =    Create Dictionary    id=${view.job_id}
    Dictionary Should Contain Key    ${fields}    id
    FOR    ${number}    IN RANGE    3
        Log    ${number}
    END
    My Own Word    ${view}
    Then Close View    ${view}

Each Of Them
    [Template]    Should Be Equal
    a    a
    b    b

*** Keywords ***
My Own Word
    [Arguments]    ${view}
    Should Not Be Empty    ${view}
"""


@pytest.fixture(autouse=True, scope="module")
def _few_words() -> Iterator[None]:
    """Reading all words takes seconds; these stand for them."""
    names = ("Open Site", "Close Site", "Open Live View", "Close View", "Run On The Node")
    few = [Found(name, "", "", "site", "", {}, []) for name in names]
    index = Index(Entry(one, one.name, "", "") for one in few)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "every", lambda: few)
        patch.setattr(words, "index", lambda: index)
        yield


def test_a_good_text_is_not_refused() -> None:
    assert refusals.refusals(GOOD) == []


def settings(line: str) -> str:
    return f"*** Settings ***\n{line}\n\n*** Test Cases ***\nOne\n    Log    x\n"


def step(line: str) -> str:
    return f"*** Test Cases ***\nOne\n    {line}\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (settings("Library    OperatingSystem"), "imports 'Library OperatingSystem'"),
        (settings("Library    Process"), "imports 'Library Process'"),
        (settings("Library    Remote    http://127.0.0.1:8270"), "imports 'Library Remote"),
        (settings("Library    evil.py"), "imports"),
        (settings("Library    ../../evil.py"), "imports"),
        (settings("Library    ${LIB}"), "imports"),
        (settings("Library    Collections    x"), "imports"),
        (settings("Resource    ../../other.resource"), "imports"),
        (settings("Resource    /tmp/other.resource"), "imports"),
        (settings("Variables    secrets.py"), "imports 'Variables secrets.py'"),
        (settings("Suite Setup    Run Keyword    Log    x"), "calls 'Run Keyword'"),
        (settings("Test Teardown    Evaluate    1"), "calls 'Evaluate'"),
        (settings("Test Template    Call Method"), "calls 'Call Method'"),
        ("*** Variables ***\n${X}    ${{__import__('os').getpid()}}\n" + step("Log    x"), "inline Python"),
        (step("Log    ${{1+1}}"), "inline Python"),
        (step("Log    @{{[1]}}"), "inline Python"),
        (step("Log    ${ {1} }"), "inline Python"),
        (step("Log    %{HOME}"), "environment"),
        (step("Log    ${x.__class__}"), "reaches into Python"),
        (step("Log    ${x.upper()}"), "calls Python"),
        (step("Evaluate    1"), "calls 'Evaluate'"),
        (step("BuiltIn.Evaluate    1"), "calls 'BuiltIn.Evaluate'"),
        (step("given evaluate    1"), "calls 'given evaluate'"),
        (step("E_v a l u a t e    1"), "calls"),
        (step("Run Process    id"), "calls 'Run Process'"),
        (step("Run On The Node    id"), "is for people"),
        (step("Wait Until Keyword Succeeds    1s    1s    Log    x"), "calls 'Wait Until"),
        (step("Should Be True    1"), "calls 'Should Be True'"),
        (step("Import Library    os"), "calls 'Import Library'"),
        (step("Some ${name}    x"), "calls 'Some ${name}'"),
        (step("Close View    validate    value"), "operator 'validate'"),
        (step("Close View    THEN    value"), "operator 'THEN'"),
        (step("IF    __import__('os')    Log    x"), "has an IF"),
        (
            step("FOR    ${i}    IN RANGE    __import__('os')\n        Log    x\n    END"),
            "counts by '__import__('os')'",
        ),
        (step("FOR    ${i}    IN RANGE    1    ${end}\n        Log    x\n    END"), "counts by '${end}'"),
        (step("Format String    {0.__init__.__globals__}    x"), "calls 'Format String'"),
        (step("String.Format String    /etc/passwd"), "calls 'String.Format String'"),
        (step("WHILE    True\n        Log    x\n    END"), "has a WHILE"),
        (step("No Such Word"), "is no keyword of the project"),
        (step("[Setup]    Start Process    id"), "calls 'Start Process'"),
        ("Language: evil\n" + step("Log    x"), "names a language"),
        ("| language:evil |\n" + step("Log    x"), "names a language"),
        (step("Log    a\u202eb"), "nobody sees: U+202E"),
        (step("Log    a\u2028Language: x"), "nobody sees: U+2028"),
        (step("Log    x") + "#" * 40_000, "longer than 32768 bytes"),
        ("", "no test in it"),
        ("just words", "no test in it"),
        ("/etc/passwd", "no test in it"),
    ],
)
def test_what_could_do_more_than_a_test_is_refused(text: str, why: str) -> None:
    found = refusals.refusals(text)
    assert any(why in reason for reason in found), found


def test_a_language_is_refused_before_robot_imports_it(tmp_path: Path) -> None:
    mark = tmp_path / "was_imported"
    module = tmp_path / "evil.py"
    module.write_text(f"open({str(mark)!r}, 'w').close()\n")
    assert refusals.refusals(f"Language: {module}\n{step('Log    x')}")
    assert not mark.exists()


def test_lines_of_windows_are_read_as_others() -> None:
    assert refusals.refusals(GOOD.replace("\n", "\r\n")) == []


def test_a_reason_names_the_line_and_what_fits() -> None:
    [reason] = refusals.refusals(step("Open Live Views"))
    assert reason.startswith(
        "Line 3 calls 'Open Live Views', which is no keyword of the project; nearest: Open Live View"
    )


def shadowed(call: str, setting: str = "") -> str:
    """A text with a word of its own that is called like one of BuiltIn, which would import code in a dry run."""
    own = "*** Keywords ***\nImport Library\n    [Arguments]    ${path}\n    Log    ${path}\n"
    return f"*** Settings ***\n{setting}\n\n*** Test Cases ***\nOne\n    {call}\n\n{own}"


@pytest.mark.parametrize(
    "value",
    [
        "${${A}}",
        "${A}[${${A}}]",
        "${@{A}}",
        "${A.${B}}",
        r"${\{\{\}or open\}}",
        "${SPACE[{}or open]}",
        "${A.strip if {} else open}",
        "${A",
    ],
)
def test_the_name_of_a_variable_is_written_out(value: str) -> None:
    """Robot Framework evaluates such values when a suite starts, also in a dry run."""
    for text in (f"*** Variables ***\n${{B}}    {value}\n\n{step('Log    x')}", step(f"[Documentation]    {value}")):
        assert "makes the name of a variable" in " ".join(refusals.refusals(text))


@pytest.mark.parametrize("value", ["${view.streams[0].port}", "${-1}", "${0.5}", "${D}[k]", "${D['k']}", "${n: int}"])
def test_attributes_and_items_are_no_code(value: str) -> None:
    assert refusals.refusals(step(f"Log    {value}")) == []


@pytest.mark.parametrize(
    "text",
    [
        shadowed("BuiltIn.Import Library    /tmp/evil.py"),
        shadowed("Log    x", "Suite Setup    Given built_in.Import Library    /tmp/evil.py"),
        shadowed("/tmp/evil.py", "Test Template    BuiltIn.Import Library"),
    ],
)
def test_a_word_of_the_text_opens_no_word_of_a_library(text: str) -> None:
    assert "is no keyword of the project" in " ".join(refusals.refusals(text))


def test_no_variable_names_what_is_called() -> None:
    own = "*** Keywords ***\n${kw:zzz}\n    Log    1\n"
    text = f"*** Settings ***\nSuite Setup    ${{kw:zzz}}    /tmp/evil.py\n\n{step('Log    x')}\n{own}"
    assert "a name that a variable makes" in " ".join(refusals.refusals(text))
