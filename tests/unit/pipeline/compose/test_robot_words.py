"""Lines of Robot data that run within a test, without a site."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest
from robot.api import TestSuite as RobotSuite
from robot.errors import ExecutionFailed

from pipeline.compose import robot_words
from pipeline.compose.robot_words import LineRunner, Watcher, cells

ASK = "*** Keywords ***\nAsk For ${thing}\n    [Arguments]    ${amount}=1\n    RETURN    ${amount} ${thing}\n"


def during_a_test(play: Callable[[LineRunner, Watcher], Any]) -> Any:
    """What `play` returns within the keyword of a running test that stays green."""
    watcher = Watcher()
    runner = LineRunner(watcher)
    returned: list[Any] = []
    suite = RobotSuite.from_string(ASK)
    suite.resource.imports.library("Collections")
    suite.resource.imports.library(
        f"{robot_words.__name__}.Prompt", args=[lambda: returned.append(play(runner, watcher))]
    )
    suite.tests.create(name="Words").body.create_keyword(name="Play")
    result = suite.run(output=None, console="none", listener=watcher)
    assert result.return_code == 0, result.suite.tests[0].message
    return returned[0]


@pytest.fixture(autouse=True)
def _no_more_resources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LineRunner, "_import_more", lambda _: False)


def test_a_variable_of_one_line_is_there_in_the_next() -> None:
    def play(runner: LineRunner, _: Watcher) -> Any:
        runner.run(cells("${a}    ${b} =    Create List    1    2"))
        runner.run(cells("VAR    ${c}    ${b}3"))
        return runner.run(cells("Catenate    ${a}    ${c}")), runner.value("${c}")

    assert during_a_test(play) == ("1 23", "23")


def test_words_of_words_and_named_arguments_run_as_in_a_test() -> None:
    assert during_a_test(lambda runner, _: runner.run(cells("Ask For rows | amount=7"))) == "7 rows"


def test_a_failed_line_raises_its_message_and_the_next_one_runs() -> None:
    def play(runner: LineRunner, _: Watcher) -> Any:
        with pytest.raises(ExecutionFailed, match=r"No keyword with name 'Catnate' found\. Did you mean:\n.*Catenate"):
            runner.run(cells("Catnate    a    b"))
        with pytest.raises(ExecutionFailed, match="1 != 2"):
            runner.run(cells("Should Be Equal    1    2"))
        return runner.run(cells("Catenate    a    b"))

    assert during_a_test(play) == "a b"


def test_what_robot_reports_of_a_line_is_seen() -> None:
    def play(runner: LineRunner, watcher: Watcher) -> Any:
        runner.run(cells('Log    <img src="rows-1.png" alt="rows">    html=True'))
        pictures = watcher.seen.pictures
        runner.run(cells("Get From List    ${{[1]}}    0"))
        used = watcher.seen.used
        runner.run(cells("Log    beware    WARN"))
        return pictures, used, watcher.seen.warnings

    assert during_a_test(play) == (["rows-1.png"], {"Collections"}, ["beware"])


def test_words_that_were_imported_are_known_with_their_arguments() -> None:
    words = during_a_test(lambda _, watcher: dict(watcher.words))
    assert list(words["Get From List"].arguments) == ["list_", "index"]
    assert words["Get From List"].sentence


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_word_and_not_the_test(number: signal.Signals) -> None:
    def play(runner: LineRunner, _: Watcher) -> Any:
        with pytest.raises(ExecutionFailed, match="Stopped"):
            runner.run(cells(f"Evaluate    os.kill(os.getpid(), {int(number)})    modules=os"))
        stopped = runner.stopped_by
        return stopped, runner.run(cells("Catenate    a    b")), runner.stopped_by

    assert during_a_test(play) == (number, "a b", None)
