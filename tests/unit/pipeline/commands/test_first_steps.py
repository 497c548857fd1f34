"""A tester's first steps: new, keywords, and the command line itself."""

import argparse
import errno
import re
from pathlib import Path

import pytest

from pipeline import __main__ as command_line
from pipeline import keyword_uses, vocabulary
from pipeline.command_line import COMMANDS
from pipeline.commands import keywords, new
from pipeline.errors import RunError


def run(*args: str) -> int:
    return command_line.run(list(args))


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(new, "SANDBOX", tmp_path / "sandbox")
    monkeypatch.setattr(new, "ROOT", tmp_path)
    return tmp_path / "sandbox"


@pytest.mark.parametrize(
    ("words", "file", "test"),
    [
        (["My", "first check"], "my_first_check.robot", "My first check"),
        (["בדיקת ערוצים"], "בדיקת_ערוצים.robot", "בדיקת ערוצים"),
        (["01__Sneaky ${name}"], "01_sneaky_name.robot", "01 Sneaky name"),
    ],
)
def test_new_makes_a_suite_that_robot_can_read(sandbox: Path, words: list[str], file: str, test: str) -> None:
    assert run("new", *words) == 0
    text = (sandbox / file).read_text(encoding="utf-8")
    assert f"\n{test}\n" in text
    assert "focus.resource" in text


def test_new_overwrites_nothing(sandbox: Path) -> None:
    run("new", "mine")
    (sandbox / "mine.robot").write_text("work of an hour")
    with pytest.raises(RunError, match="choose another name"):
        run("new", "mine")
    assert (sandbox / "mine.robot").read_text() == "work of an hour"


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(
    "words", [["../x"], ["..", "x"], ["../../etc/passwd"], ["///"], ["/tmp/x"], ["sub/x"], ["sub\\x"], [".x"], ["~/x"]]
)
def test_new_refuses_a_path(sandbox: Path, words: list[str]) -> None:
    with pytest.raises(RunError, match="is a path, and a suite gets a name"):
        run("new", *words)
    assert not sandbox.exists()


def test_new_takes_a_name_with_a_slash(sandbox: Path) -> None:
    assert run("new", "GET", "/channels", "answers") == 0
    assert [path.name for path in sandbox.iterdir()] == ["get_channels_answers.robot"]


@pytest.mark.parametrize("words", [[], ["  "], ["$$$"]])
def test_new_needs_a_name(words: list[str]) -> None:
    with pytest.raises(RunError, match="needs a name"):
        run("new", *words)


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(vocabulary, "RESOURCES", tmp_path)
    monkeypatch.setattr(vocabulary, "LIBRARIES", tmp_path)
    monkeypatch.setattr(keywords, "PAGE", tmp_path / "keywords.md")
    monkeypatch.setattr(keywords, "ROOT", tmp_path)
    (tmp_path / "views.resource").write_text(
        "*** Keywords ***\n"
        "Open A View\n    [Documentation]    Opens it.\n    ...\n    ...    More words.\n"
        "    [Arguments]    ${channels}=11-109\n    No Operation\n\n"
        "Helper\n    [Tags]    robot:private\n    No Operation\n"
    )
    return tmp_path


@pytest.mark.usefixtures("resources")
@pytest.mark.parametrize("words", [("a", "VIEW"), ("view", "open"), ("more", "open a")])
def test_a_keyword_is_found_by_words_in_any_order(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("keywords", *words) == 0
    shown = capsys.readouterr().out
    assert shown == "Open A View    channels=11-109\n    Opens it.\n    Resource    views.resource    # views\n"


@pytest.mark.usefixtures("resources")
def test_words_that_nothing_holds_together_are_named() -> None:
    with pytest.raises(RunError, match="No keyword holds 'view' and 'nosuch'"):
        run("keywords", "view", "nosuch")


def test_a_keyword_is_shown_with_what_its_arguments_allow_and_with_its_import(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run("keywords")
    blocks = {re.split(r"    |\n", block)[0]: block for block in re.split(r"\n(?=\S)", capsys.readouterr().out)}
    assert "\n    interfaces: rest, webapp, mongodb, rabbitmq, kubernetes, grpc, ssh" in blocks["Open Site"]
    assert "\n    view_type: MultiChannel, SingleChannel, Waterfall" in blocks["Open Live View"]
    assert "\n    channels: Channels like ``11-109``, ``11 to 109`` or ``7``" in blocks["Open Live View"]
    assert "\n    operator: ==, !=, <, <=, >, >=, contains, not contains, starts, ends, matches\n" in blocks["Get Pods"]
    assert "\n    within: A time like ``10 s``, ``2 min``" in blocks["Get Pods"]
    assert "\n    status: 200, 201, 208, 400, 404" in blocks["Waterfall Should Be Answered"]
    assert "\n    Resource    node.resource    # NodeLibrary" in blocks["Log Into The Node"]
    assert "\n    Resource    focus.resource    # streams" in blocks["Every Stream Should Deliver Frames"]


def test_the_page_is_checked_against_the_keywords(resources: Path) -> None:
    with pytest.raises(RunError, match="keywords --page"):
        run("keywords", "--check")
    assert run("keywords", "--page") == 0
    assert run("keywords", "--check") == 0
    text = (resources / "keywords.md").read_text()
    assert "## Open\n\n**views**\n" in text
    assert "| Open A View | `channels=11-109` | Opens it. |" in text
    objects = resources / "objects.md"
    objects.write_text(objects.read_text().replace("`window`", "`frame`"))
    with pytest.raises(RunError, match=r"objects\.md is not what"):
        run("keywords", "--check")
    assert run("keywords", "--page") == 0
    views = resources / "views.resource"
    views.write_text(views.read_text().replace("11-109", "1-3"))
    with pytest.raises(RunError, match="keywords --page"):
        run("keywords", "--check")


def test_a_keyword_whose_verb_has_no_place_on_the_page_is_named(resources: Path) -> None:
    (resources / "odd.resource").write_text("*** Keywords ***\nJuggle Views\n    No Operation\n")
    with pytest.raises(RunError, match=r"'Juggle Views' begins with a verb of no group: add it to GROUPS"):
        run("keywords", "--page")


def test_a_keyword_is_shown_with_its_example(resources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (resources / "alerts.resource").write_text(
        "*** Keywords ***\nSend\n    [Documentation]    Sends one.\n    ...\n    ...    | Send    \\${severity}\n"
        "    No Operation\n"
    )
    run("keywords", "send")
    assert capsys.readouterr().out.endswith("# alerts\n    | Send    ${severity}\n")


@pytest.mark.parametrize(
    ("words", "first", "here"),
    [
        (["task"], "Get Jobs", "'task' is here: job, view"),
        (["sensor", "counted"], "Channels Should Be Counted", "'sensor' is here: channel"),
        (["התראה"], "Get Alerts", "'התראה' is here: alert"),
        (["תור"], "Get Queues", "'תור' is here: queue"),
        (["Canvas", "Size"], "Open View", "'canvas size' is here: height"),
    ],
)
def test_words_that_the_glossary_avoids_find_the_keyword(
    words: list[str], first: str, here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run("keywords", *words)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == here
    assert lines[1].startswith(first)


def test_a_name_goes_before_what_only_the_documentation_holds(capsys: pytest.CaptureFixture[str]) -> None:
    run("keywords", "queue")
    names = [line.split("    ")[0] for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    holds = ["queue" in name.casefold() for name in names]
    assert holds == sorted(holds, reverse=True)
    assert set(holds) == {True, False}


def test_tests_that_use_a_keyword_are_found_through_others(
    resources: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(keyword_uses, "RESOURCES", resources)
    monkeypatch.setattr(keyword_uses, "SUITES", resources / "suites")
    (resources / "suites").mkdir()
    (resources / "views.resource").write_text(
        "*** Keywords ***\nOpen A View\n    No Operation\n\nOpen Two\n    open_a view\n    Helper\n\n"
        "Helper\n    [Tags]    robot:private\n    No Operation\n"
    )
    (resources / "suites/mine.robot").write_text(
        "*** Test Cases ***\nInside\n    Open Two\n\nItself\n    Open A View\n\nBy Template\n"
        "    [Template]    Open A View\n    1\n\n"
        "By Another\n    Wait Until Keyword Succeeds    3x    1s    Open A View\n\nNot At All\n    No Operation\n"
    )
    run("keywords", "--used", "open", "a")
    assert re.findall(r"> suites/mine\.robot: (.+)", capsys.readouterr().out) == [
        "Itself",
        "By Template",
        "By Another",
        "Inside (through Open Two)",
    ]


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {name} " in shown for name in COMMANDS)


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["smok"]) == 252
    assert "There is no command 'smok'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "results/runs/x"), "The disk is full (results/runs/x): free"),
        (
            PermissionError(errno.EACCES, "Permission denied", "results"),
            "may not write or run what is needed (results)",
        ),
        (OSError(errno.EROFS, "Read-only file system", "results"), "may not write or run what is needed (results)"),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
    ],
)
def test_what_the_system_refuses_is_one_sentence(
    error: OSError, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_options: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(new, "main", refuse)
    assert command_line.main(["new", "x"]) == 252
    complaint = capsys.readouterr().err
    assert sentence in complaint
    assert len(complaint.strip().splitlines()) == 1
