"""Dry runs are taken from a process that waits, once each, and never from one that read words of yesterday."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_servers.focus_tests import dry_run
from pipeline.results import reading
from pipeline.results.model import Verdict

_TEXT = "*** Settings ***\nResource    focus.resource\n*** Test Cases ***\nOne\n    {}\n"


@pytest.fixture(autouse=True)
def _none_is_left() -> Iterator[None]:
    yield
    while dry_run._ahead:
        process, _ = dry_run._ahead.pop()
        process.kill()
        process.communicate()


def verdict(folder: Path, step: str) -> Verdict:
    (folder / dry_run.SUITE).write_text(_TEXT.format(step), encoding="utf-8")
    assert dry_run.dry_run(folder)
    return reading.read_run([folder / dry_run.OUTPUT]).tests[0].verdict


def test_each_text_has_a_process_of_its_own_that_waited(tmp_path: Path) -> None:
    dry_run.prepare()
    ahead = []
    for step, expected in (("Get Recording Count", Verdict.PASSED), ("Get A Word Nobody Wrote", Verdict.FAILED)):
        ahead.append(dry_run._ahead[0][0])
        assert verdict(tmp_path, step) == expected
        assert ahead[-1].returncode is not None
    assert dry_run._ahead[0][0] not in ahead


def test_one_that_read_words_which_have_changed_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    dry_run.prepare()
    old = dry_run._ahead[0][0]
    # A file of an older time in its place, or none at all, is a change too.
    monkeypatch.setattr(dry_run, "_words", lambda: (("site.resource", 1),))
    taken = dry_run._taken()
    assert taken.pid != old.pid
    assert old.returncode is not None
    taken.kill()
    taken.communicate()


def test_one_that_ended_is_not_taken() -> None:
    dry_run.prepare()
    old = dry_run._ahead[0][0]
    old.kill()
    old.wait()
    taken = dry_run._taken()
    assert taken.poll() is None
    taken.kill()
    taken.communicate()


def test_it_ends_with_the_server_that_started_it() -> None:
    process, _ = dry_run._started()
    assert process.stdin
    process.stdin.close()
    assert process.wait(30) == 0


@pytest.mark.nightly
def test_one_that_never_ends_does_so_with_the_server(tmp_path: Path) -> None:
    """Also with one that was killed: its end of the pipe is closed by the system."""
    rows = "".join(f"K{number}\n" + f"    K{number - 1}\n" * 4 for number in range(1, 30))
    text = _TEXT.format("K29") + f"*** Keywords ***\n{rows}K0\n    No Operation\n"
    (tmp_path / dry_run.SUITE).write_text(text, encoding="utf-8")
    process, _ = dry_run._started()
    assert process.stdin
    process.stdin.write(f"{tmp_path}\n")
    process.stdin.flush()
    end = time.monotonic() + 60
    while not (tmp_path / dry_run.OUTPUT).exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert process.poll() is None
    process.stdin.close()
    try:
        assert process.wait(30) != 0
    finally:
        process.kill()
