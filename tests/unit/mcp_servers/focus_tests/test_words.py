"""The words of a server that runs for hours are those of today."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mcp_servers.focus_tests import refusals, words


def test_a_keyword_that_is_written_meanwhile_is_found_and_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "site.resource"
    file.write_text("*** Keywords ***\nOpen The Gate\n    No Operation\n", encoding="utf-8")
    monkeypatch.setattr(words, "documented", lambda: [file])
    text = "*** Test Cases ***\nOne\n    {}\n"
    assert [one.name for one in words.index().ranked("gate", 1)] == ["Open The Gate"]
    assert refusals.refusals(text.format("Shut The Door"))
    file.write_text("*** Keywords ***\nShut The Door\n    No Operation\n", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert [one.name for one in words.index().ranked("door", 1)] == ["Shut The Door"]
    assert not refusals.refusals(text.format("Shut The Door"))
    assert refusals.refusals(text.format("Open The Gate"))
