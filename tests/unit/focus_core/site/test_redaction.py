"""What leaves this machine holds no credential."""

from __future__ import annotations

import pytest
from focus_core.site import secrets


@pytest.mark.parametrize(
    "text",
    [
        '{"access_token": "S3CRET", "expires_in": 60}',
        "{'password': 'S3CRET'}",
        "password=S3CRET&user=me",
        "Authorization: Bearer S3CRET-of-a-login",
        "Cookie: csrf-token=S3CRET; path=/",
        "the token eyJhbGciOiJIUzI1NiJ9.S3CRET.sig was refused",
        b'{"client_secret":"S3CRET"}',
    ],
)
def test_what_looks_like_a_credential_is_blanked(text: str | bytes) -> None:
    shown = secrets.redacted(text)
    assert "S3CRET" not in shown
    assert secrets.BLANK in shown


def test_what_is_blanked_stays_so_and_the_rest_stays() -> None:
    text = "POST /login answered 401: wrong password; the bearer of the token may try again, basic views go on"
    assert secrets.redacted(text) == text
    once = secrets.redacted({"headers": [("Authorization", "Bearer abcdefgh1234")], "count": 3, "none": None})
    assert once == {"headers": [["Authorization", "Bearer <secret>"]], "count": 3, "none": None}
    assert secrets.redacted(once) == once


def test_registered_secrets_are_blanked_at_any_depth() -> None:
    secrets.register("deep-down-secret")
    assert secrets.redacted({"a": [{"b": "x deep-down-secret y"}]}) == {"a": [{"b": "x <secret> y"}]}
