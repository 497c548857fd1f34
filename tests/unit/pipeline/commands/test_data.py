"""`run.py data`: what is chosen for removal, and wrong values."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from focus_core.base.quantities import Moment
from focus_core.data import sets
from focus_core.data.sets import DataSet

from pipeline.commands import data
from pipeline.errors import RunError

MADE = Moment.convert(datetime.now(UTC) - timedelta(hours=1))
FOUND = [DataSet(name, "run", MADE, MADE) for name in ("testdata-1a", "testdata-2a", "testdata-2b")]


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    gone: list[str] = []
    monkeypatch.setattr(data, "_site", lambda _: SimpleNamespace(name="simulated"))
    monkeypatch.setattr(sets, "found", lambda _: FOUND)
    monkeypatch.setattr(sets, "remove", lambda _, name: gone.append(name))
    return gone


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    data.add_options(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([""], "Nothing was chosen"),
        (["testdata-1a", ""], "Nothing was chosen"),
        (["--all", "--older", "2 days"], "stands alone"),
        (["--all", "--expired"], "stands alone"),
        (["--all", "testdata-1a"], "stands alone"),
        (["a"], "'a' is the end of 2 data sets: testdata-1a, testdata-2a; give more of it"),
        (["nosuch"], "no data set 'nosuch'"),
    ],
)
def test_what_is_not_clear_removes_nothing(removed: list[str], words: list[str], sentence: str) -> None:
    with pytest.raises(RunError, match=sentence):
        data.main(parsed("remove", *words))
    assert removed == []


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        (["1a", "2b"], ["testdata-2b", "testdata-1a"]),
        (["--all"], ["testdata-2b", "testdata-2a", "testdata-1a"]),
        (["--older", "2 days"], []),
    ],
)
def test_what_was_chosen_is_removed(removed: list[str], words: list[str], gone: list[str]) -> None:
    assert data.main(parsed("remove", *words)) == 0
    assert removed == gone


@pytest.mark.parametrize("lease", ["99999999999 days", "9999999 days", "3651 days"])
def test_a_lease_has_an_end(lease: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed("generate", "quiet_site", "--lease", lease)
    assert f"a time is at most 3650 days, not '{lease}'" in capsys.readouterr().err
