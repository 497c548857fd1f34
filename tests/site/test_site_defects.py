"""Switching defects of a living site, and the registry as the command line shows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.site_commands import Site, simulator

from simulator.defects import registry


@pytest.mark.nightly
def test_the_list_shows_every_defect_and_marks_those_that_are_on(
    simulated_site: Site, defect: Callable[[str], None]
) -> None:
    defect("empty-status")
    listed = simulator("defects", "--state-dir", simulated_site["state_dir"]).out.splitlines()
    assert [line[2:].split()[0] for line in listed] == list(registry())
    assert next(line for line in listed if line.startswith("*")).split()[1] == "empty-status"


def test_an_unknown_defect_is_refused_with_near_names(simulated_site: Site) -> None:
    done = simulator("defect", "on", "mongo-slow", "--state-dir", simulated_site["state_dir"])
    assert done.code == 1
    assert "mongo-outage-slow" in done.err
