"""Every recipe does on a site what its page says."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.site_commands import Site

from pipeline.docs_site import recipes_page
from pipeline.learn.site import TrainingSite
from pipeline.results.model import Verdict

# What a load says of a machine that is busy with other things, as its recipe has it; other loads are measured alone.
BUSY = "The load is INVALID"


@pytest.mark.nightly
def test_every_recipe_passes(simulated_site: Site, tmp_path: Path) -> None:
    state_dir = Path(simulated_site["state_dir"])
    run = TrainingSite(state_dir / "site.yaml", state_dir).run(recipes_page.FOLDER, tmp_path)
    assert run.errors == ()
    not_passed = {test.name: test.reason for test in run.tests if test.verdict != Verdict.PASSED}
    assert {name: reason for name, reason in not_passed.items() if not reason.startswith(BUSY)} == {}
    assert len(run.tests) >= len(recipes_page.recipes())
