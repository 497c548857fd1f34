"""A user whom the system has no entry for, without a home: containers with a number for a user have such."""

import getpass
import os
from pathlib import Path

import pytest
from focus_core.base import run_identity
from focus_core.site import loader
from focus_core.site.model import in_home


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_entry(*_: object) -> None:
        raise KeyError("getpwuid(): uid not found")

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", no_entry)


def test_such_a_user_has_a_name() -> None:
    with pytest.raises((KeyError, OSError)):
        getpass.getuser()
    assert run_identity.user() == f"user-{os.getuid()}"


def test_such_a_user_can_read_a_site_file() -> None:
    assert in_home("~/.kube/config") == Path("~/.kube/config")
    assert loader.read("staging").name == "staging"
