"""A server that does nothing but answer, as a process of its own: it can be frozen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.measure.bare_server import BareServer
from pipeline.measure.bare_server import bare_server as running_server


@pytest.fixture(scope="module")
def bare_server() -> Iterator[BareServer]:
    with running_server() as server:
        yield server
