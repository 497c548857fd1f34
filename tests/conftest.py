"""What all tests rely on."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

# Begun in the background of a shell, pytest ignores Ctrl-C, and so would every program whose end by Ctrl-C is tested.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _state_of_sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests keep of sites goes into a folder of theirs, not among what this user's own runs left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state-home")))
        patch.setenv("LOCALAPPDATA", str(tmp_path_factory.mktemp("local-app-data")))
        yield
