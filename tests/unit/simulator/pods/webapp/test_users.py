"""Users of the web app and the file that keeps what was changed, without a site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.pods.webapp import accounts as accounts_module
from simulator.pods.webapp.accounts import Accounts
from simulator.pods.webapp.errors import ApiError
from simulator.pods.webapp.kept import Kept
from simulator.pods.webapp.users import Users

KEY = "k" * 32


@pytest.fixture(autouse=True)
def _permissions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(accounts_module, "PERMISSIONS", accounts_module.PERMISSIONS)
    before = dict(accounts_module.PERMISSIONS)
    yield
    accounts_module.PERMISSIONS.update(before)


def started(folder: Path) -> tuple[Accounts, Users]:
    """The users as a fresh pod has them."""
    accounts = Accounts({"anna": ("right", "admin"), "eve": ("seen", "viewer")}, KEY)
    return accounts, Users(accounts, Kept(folder / "kept.json"))


def test_what_was_changed_is_there_after_a_restart(tmp_path: Path) -> None:
    _, users = started(tmp_path)
    made = users.add("zoe", "first", "viewer", "zoe@site.example")
    users.change("zoe", password="second", role="admin")
    users.change("anna", email="anna@site.example")
    users.delete("eve")
    users.grant("viewer", "alerts")
    accounts, users = started(tmp_path)
    assert {row["username"]: (row["role"], row["email"]) for row in users.rows()} == {
        "anna": ("admin", "anna@site.example"),
        "zoe": ("admin", "zoe@site.example"),
    }
    assert users.row("zoe")["id"] == made["id"] == 3
    assert accounts.login("zoe", "second").role == "admin"
    assert accounts.login("anna", "right").role == "admin"
    assert accounts_module.PERMISSIONS["viewer"] == ("read", "alerts")


def test_a_login_that_is_switched_off_lets_nobody_in_until_it_is_on_again(tmp_path: Path) -> None:
    accounts, users = started(tmp_path)
    token = accounts.token(accounts.login("eve", "seen"))
    assert users.toggle_login("eve")["isLoginEnabled"] is False
    accounts, users = started(tmp_path)
    for attempt in (lambda: accounts.login("eve", "seen"), lambda: accounts.user_of(token)):
        with pytest.raises(ApiError) as refused:
            attempt()
        assert refused.value.status == 401
    assert users.toggle_login("eve")["isLoginEnabled"] is True
    assert accounts.user_of(token).name == "eve"


def test_names_and_addresses_belong_to_one_user(tmp_path: Path) -> None:
    _, users = started(tmp_path)
    users.add("zoe", "first", "viewer", "zoe@site.example")
    users.change("zoe", email="zoe@site.example")
    for attempt in (
        lambda: users.add("anna", "x", "viewer", None),
        lambda: users.change("anna", email="zoe@site.example"),
        lambda: users.change("anna", role="owner"),
    ):
        with pytest.raises(ApiError) as refused:
            attempt()
        assert refused.value.status == 400
    users.delete("zoe")
    assert users.is_email_free("zoe@site.example")


def test_a_user_who_is_not_there_is_404(tmp_path: Path) -> None:
    _, users = started(tmp_path)
    for attempt in (lambda: users.named("nobody"), lambda: users.numbered("9"), lambda: users.numbered("x")):
        with pytest.raises(ApiError) as refused:
            attempt()
        assert refused.value.status == 404
    assert users.numbered("1") == "anna"
