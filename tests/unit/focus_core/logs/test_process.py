"""Who starts a monitor, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from focus_core.base import run_identity
from focus_core.base.errors import BenchError
from focus_core.logs import journal, process
from focus_core.site.model import Site


class Started:
    """What would have been started."""

    calls: list[tuple[Any, ...]] = []  # noqa: RUF012 - one list for all tests, emptied by the fixture

    def __init__(self, *arguments: Any) -> None:
        self.calls.append(arguments)


@pytest.fixture(autouse=True)
def _nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    Started.calls = []
    monkeypatch.setattr(process, "Monitor", Started)
    # Set first, so that what a test's own call sets is taken back.
    monkeypatch.setenv(journal.FOLDER_VARIABLE, "none")
    monkeypatch.delenv(journal.FOLDER_VARIABLE)


class Small:
    """Of a site, what is asked."""

    capabilities = ("rest", "kubernetes")


def begin(folder: Path, site: Any = Small) -> None:
    process.begin_in_lane(site, "simulated", folder)


def test_without_a_word_nothing_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for mode in ("", "off"):
        monkeypatch.setenv(journal.MODE_VARIABLE, mode)
        begin(tmp_path)
    assert Started.calls == []


def test_plain_robot_starts_one_beside_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(journal.MODE_VARIABLE, "on")
    begin(tmp_path)
    begin(tmp_path)
    assert Started.calls == [(tmp_path / "pod_logs", "simulated", run_identity.run_id(), 0)]
    assert journal.folder() == tmp_path / "pod_logs"


def test_the_logs_of_an_earlier_run_in_the_same_folder_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pod_logs").mkdir()
    (tmp_path / "pod_logs" / "old.log").touch()
    monkeypatch.setenv(journal.MODE_VARIABLE, "on")
    begin(tmp_path)
    assert [path.name for path in (tmp_path / "pod_logs").iterdir()] == ["run.txt"]


def test_lanes_of_pabot_share_one_in_the_folder_of_the_merged_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(journal.MODE_VARIABLE, "strict")
    monkeypatch.setattr(run_identity, "is_lane_of_pabot", lambda: True)
    for lane in ("0", "1"):
        monkeypatch.delenv(journal.FOLDER_VARIABLE, raising=False)
        begin(tmp_path / "pabot_results" / lane)
    ((folder, _, _, until_pid),) = Started.calls
    assert folder == tmp_path / "pod_logs"
    assert until_pid > 1


def test_a_site_without_kubernetes_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(journal.MODE_VARIABLE, "on")

    class Bare:
        capabilities = ("rest",)

    begin(tmp_path, Bare)
    assert Started.calls == []


def test_a_mode_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(journal.MODE_VARIABLE, "loud")
    with pytest.raises(BenchError, match="write one of off, on, strict"):
        process.mode()
    assert process.mode("strict") == "strict"


def test_the_model_takes_what_a_site_adds() -> None:
    assert Site.__dataclass_fields__["logs"].default.patterns == []
