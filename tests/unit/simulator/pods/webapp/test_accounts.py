"""Logins and roles of the web app, without a site."""

from __future__ import annotations

import time

import jwt
import pytest

from simulator.pods.rate_limit import RateLimit
from simulator.pods.webapp.accounts import LOGIN_BURST, MAX_BAD_LOGINS, Accounts, User, check_csrf, check_may
from simulator.pods.webapp.errors import ApiError

KEY = "k" * 32


@pytest.fixture
def accounts() -> Accounts:
    return Accounts({"anna": ("right", "admin"), "eve": ("seen", "viewer")}, KEY, locked_seconds=300)


def refused(error: pytest.ExceptionInfo[ApiError]) -> tuple[int, str]:
    return error.value.status, error.value.kind


def test_a_good_login_gives_a_token_that_comes_back_as_the_user(accounts: Accounts) -> None:
    user = accounts.login("anna", "right")
    assert accounts.user_of(accounts.token(user)) == User("anna", "admin")


def test_repeated_bad_logins_lock_even_the_right_password_for_a_while(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MAX_BAD_LOGINS):
        with pytest.raises(ApiError) as wrong:
            accounts.login("anna", "wrong")
        assert refused(wrong) == (401, "UnauthorizedError")
    with pytest.raises(ApiError) as locked:
        accounts.login("anna", "right")
    assert locked.value.status == 429
    assert accounts.login("eve", "seen").name == "eve"
    later = time.monotonic() + 301
    monkeypatch.setattr(time, "monotonic", lambda: later)
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
    check_may(User("anna", "admin"), "alerts")
    check_may(User("eve", "viewer"), "read")
    with pytest.raises(ApiError) as error:
        check_may(User("eve", "viewer"), "alerts")
    assert refused(error) == (403, "OperationForbiddenError")
    assert "missing permission" in error.value.message


def test_a_refresh_token_works_once_and_gives_the_same_user(accounts: Accounts) -> None:
    token = accounts.refresh_token(User("anna", "admin"))
    assert accounts.refresh(token) == User("anna", "admin")
    with pytest.raises(ApiError):
        accounts.refresh(token)
    with pytest.raises(ApiError):
        accounts.refresh(accounts.token(User("anna", "admin")))


def test_an_ended_login_is_refused_and_others_go_on(accounts: Accounts) -> None:
    ended, other = (accounts.token(User("anna", "admin")) for _ in range(2))
    refresh = accounts.refresh_token(User("anna", "admin"))
    accounts.end(ended, refresh)
    for refuse in (lambda: accounts.user_of(ended), lambda: accounts.refresh(refresh)):
        with pytest.raises(ApiError) as error:
            refuse()
        assert error.value.status == 401
    assert accounts.user_of(other).name == "anna"


def test_half_a_character_in_a_password_is_only_a_wrong_password(accounts: Accounts) -> None:
    with pytest.raises(ApiError) as error:
        accounts.login("anna", "\ud800")
    assert error.value.status == 401


def test_logins_of_one_user_from_one_address_are_limited(accounts: Accounts) -> None:
    for _ in range(LOGIN_BURST):
        accounts.login("anna", "right", "127.0.0.1")
    with pytest.raises(ApiError) as error:
        accounts.login("anna", "right", "127.0.0.1")
    assert (error.value.status, error.value.headers) == (429, {"Retry-After": "1"})
    assert accounts.login("eve", "seen", "127.0.0.1").name == "eve"


def test_a_rate_limit_lets_a_burst_through_then_its_rate() -> None:
    now = 100.0
    limit = RateLimit(rate=2, burst=3, clock=lambda: now)
    assert [limit.wait_of("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert limit.wait_of("b") == 0
    now += 0.5
    assert [limit.wait_of("a"), limit.wait_of("a")] == [0, 0.5]
    now += 100
    assert [limit.wait_of("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_a_rate_limit_forgets_who_stopped_asking() -> None:
    now = 0.0
    limit = RateLimit(rate=10, burst=1, clock=lambda: now)
    for client in range(30_000):
        now += 0.001
        limit.wait_of(client)
    assert len(limit._buckets) <= 10_001
