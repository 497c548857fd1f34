"""Logins and roles of the web app, without a site."""

from __future__ import annotations

import time

import jwt
import pytest

from simulator.webapp.accounts import MAX_BAD_LOGINS, Accounts, User, check_csrf, check_may_change
from simulator.webapp.errors import ApiError

KEY = "k" * 32


@pytest.fixture
def accounts() -> Accounts:
    return Accounts({"anna": ("right", "admin"), "eve": ("seen", "viewer")}, KEY, locked_seconds=0.3)


def refused(error: pytest.ExceptionInfo[ApiError]) -> tuple[int, str]:
    return error.value.status, error.value.kind


def test_a_good_login_gives_a_token_that_comes_back_as_the_user(accounts: Accounts) -> None:
    user = accounts.login("anna", "right")
    assert accounts.user_of(accounts.token(user)) == User("anna", "admin")


def test_repeated_bad_logins_lock_even_the_right_password_for_a_while(accounts: Accounts) -> None:
    for _ in range(MAX_BAD_LOGINS):
        with pytest.raises(ApiError) as wrong:
            accounts.login("anna", "wrong")
        assert refused(wrong) == (401, "UnauthorizedError")
    with pytest.raises(ApiError) as locked:
        accounts.login("anna", "right")
    assert locked.value.status == 429
    assert accounts.login("eve", "seen").name == "eve"
    time.sleep(0.35)
    assert accounts.login("anna", "right").name == "anna"


def test_a_good_login_forgets_the_bad_ones(accounts: Accounts) -> None:
    for _ in range(3):
        for _ in range(MAX_BAD_LOGINS - 1):
            with pytest.raises(ApiError):
                accounts.login("anna", "wrong")
        assert accounts.login("anna", "right").name == "anna"


@pytest.mark.parametrize(
    ("claims", "key"),
    [
        ({"sub": "anna", "iss": "prisma", "exp": 1}, KEY),
        ({"sub": "anna", "iss": "prisma", "exp": 9e9}, "f" * 32),
        ({"sub": "anna", "iss": "other", "exp": 9e9}, KEY),
        ({"sub": "anna", "iss": "prisma"}, KEY),
        ({"sub": "anna", "iss": "prisma", "exp": 9e9, "use": "refresh"}, KEY),
    ],
    ids=["expired", "forged", "other issuer", "endless", "refresh token"],
)
def test_other_tokens_are_refused(accounts: Accounts, claims: dict[str, object], key: str) -> None:
    with pytest.raises(ApiError) as error:
        accounts.user_of(jwt.encode(claims, key, algorithm="HS256"))
    assert error.value.status == 401


def test_an_unsigned_token_is_refused(accounts: Accounts) -> None:
    unsigned = jwt.encode({"sub": "anna", "iss": "prisma", "exp": 9_000_000_000}, None, algorithm="none")
    with pytest.raises(ApiError):
        accounts.user_of(unsigned)


@pytest.mark.parametrize(("cookie", "header"), [(None, None), ("a", None), (None, "a"), ("a", "b"), ("", "")])
def test_csrf_needs_both_and_equal(cookie: str | None, header: str | None) -> None:
    with pytest.raises(ApiError) as error:
        check_csrf(cookie, header)
    assert error.value.status == 403
    check_csrf("same", "same")


def test_a_viewer_changes_nothing() -> None:
    check_may_change(User("anna", "admin"))
    with pytest.raises(ApiError) as error:
        check_may_change(User("eve", "viewer"))
    assert refused(error) == (403, "OperationForbiddenError")
    assert "missing permission" in error.value.message
