"""What happens to a run on the cluster when the command that waits for it is stopped."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.commands import k8s
from pipeline.errors import INTERRUPTED, RunError
from pipeline.k8s import submitted
from pipeline.k8s.kubectl import Cluster
from pipeline.k8s.submitted import Submitted


@dataclass(frozen=True)
class Asked(Cluster):
    calls: list[str] = field(default_factory=list)

    def ask(self, *args: str, **_options: object) -> str:
        self.calls.append(args[0])
        return ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stdin", "calls", "words"),
    [
        (Terminal("n\n"), [], "Run r goes on; 'python run.py k8s collect r' waits for it."),
        (Terminal("\n"), ["delete"], "Run r ends; 'python run.py k8s collect r' brings what it has so far."),
        (Terminal(""), ["delete"], "Run r ends;"),
        (io.StringIO("n\n"), ["delete"], "Run r ends;"),
    ],
)
def test_ctrl_c_asks_where_somebody_can_answer(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stdin: io.StringIO,
    calls: list[str],
    words: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    cluster = Asked("", "", "n")
    with pytest.raises(SystemExit) as ended, k8s.question_at_ctrl_c(Submitted("r", cluster, "real", "")):
        raise KeyboardInterrupt
    assert ended.value.code == INTERRUPTED
    assert cluster.calls == calls
    shown = capsys.readouterr().out
    assert words in shown
    assert ("[Y/n]" in shown) == stdin.isatty()


def test_where_nothing_was_submitted_the_sentence_says_how_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    with pytest.raises(RunError, match=r"^No run was submitted .*: start one with 'python run\.py k8s run --shards N'"):
        submitted.find("latest")
