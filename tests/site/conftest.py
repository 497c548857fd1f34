"""One simulated site for all tests of this folder, started and ended through its command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.focus_views import Cluster, Views
from support.site_commands import Site, running_site, simulator, switch


@pytest.fixture(scope="session")
def simulated_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The parsed site file of a site that runs ten times faster than real; it ends with the session."""
    with running_site(tmp_path_factory.mktemp("site"), "--time-scale", "0.1") as site:
        yield site


@pytest.fixture(scope="module")
def views(simulated_site: Site) -> Views:
    """What the site's first user does with views."""
    return Views(simulated_site)


@pytest.fixture(scope="module")
def cluster(simulated_site: Site) -> Cluster:
    """The site's cluster, as a test looks at it."""
    return Cluster(simulated_site)


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    """A state directory for a site of one test's own, with letters and spaces that scripts stumble over."""
    path = tmp_path / "site of אתר"
    yield path
    simulator("down", "--state-dir", path)


@pytest.fixture
def defect(simulated_site: Site) -> Iterator[Callable[..., None]]:
    """A function that turns defects of the shared site on; they are off again after the test."""
    on: list[str] = []

    def turn_on(*names: str) -> None:
        on.extend(names)
        switch(simulated_site, "on", *names)

    yield turn_on
    if on:
        switch(simulated_site, "off", *on)
