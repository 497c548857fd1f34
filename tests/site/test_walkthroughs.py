"""The walkthroughs show what the commands write today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from focus_core.site import simulator_process

from pipeline.docs_site import walkthroughs
from pipeline.docs_site.casts import texts_of
from pipeline.docs_site.walkthroughs import Walkthrough, all_walkthroughs

# Times, counts, ids and what a start of the site says: other at each run.
CHANGING = re.compile(r"\d+|[0-9a-f]{8,}")
OF_A_START = re.compile(r"Waiting for|starting the simulated site|The site is ready|is up|run\.py: ")


def steady(texts: list[str]) -> list[str]:
    """The lines without what differs from run to run."""
    return [CHANGING.sub("0", text).rstrip() for text in texts if not OF_A_START.search(text)]


@pytest.fixture
def _site_as_before() -> Iterator[None]:
    """The commands work on the simulated site of this checkout, which is down afterwards unless it was up before."""
    was_up = simulator_process.running_site() is not None
    yield
    if not was_up:
        simulator_process.run(simulator_process.command("down"))


@pytest.mark.nightly
@pytest.mark.usefixtures("_site_as_before")
@pytest.mark.parametrize("one", all_walkthroughs(), ids=lambda one: one.name)
def test_a_walkthrough_is_as_it_was_recorded(one: Walkthrough, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOCUS_SITE", raising=False)
    walkthroughs.record(one, tmp_path)
    recorded = texts_of(walkthroughs.FOLDER / f"{one.name}.cast")
    assert steady(texts_of(tmp_path / f"{one.name}.cast")) == steady(recorded)
