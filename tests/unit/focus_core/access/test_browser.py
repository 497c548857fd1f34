"""Cookies of a login, their flags, and the tokens that are made of it."""

from __future__ import annotations

import base64
import json
from http.cookies import SimpleCookie

import pytest
from focus_core.access import bad_tokens, requests
from focus_core.access.browser import ACCESS, CSRF, REFRESH, Browser, flag_problems
from focus_core.base.http_session import Headers, HttpAnswer
from focus_core.server.client import Exchange
from focus_core.site.model import SecretRef, User

TOKEN = ".".join(
    (
        base64.urlsafe_b64encode(b'{"alg":"HS256"}').decode().rstrip("="),
        base64.urlsafe_b64encode(b'{"sub":"me","role":"viewer"}').decode().rstrip("="),
        "signature",
    )
)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setenv("MY_PASSWORD", "long-enough-to-blank")
    return Browser(User(username="me", password=SecretRef(env="MY_PASSWORD")))


def flagged(browser: Browser, flags: str) -> list[str]:
    for name in (ACCESS, REFRESH, CSRF):
        browser.flags[name] = SimpleCookie(f"{name}=x; {flags}")[name]
    return flag_problems(browser)


def test_flags_of_cookies(browser: Browser) -> None:
    assert flag_problems(browser) == [f"there is no cookie {name}" for name in (ACCESS, REFRESH, CSRF)]
    assert flagged(browser, "Secure; HttpOnly; SameSite=Strict") == []
    assert flagged(browser, "Secure; HttpOnly; SameSite=None") == [
        f"cookie {name} lacks samesite" for name in (ACCESS, REFRESH, CSRF)
    ]
    # Scripts have to read the CSRF cookie.
    assert flagged(browser, "Secure; SameSite=Lax") == [f"cookie {name} lacks httponly" for name in (ACCESS, REFRESH)]


def answers(monkeypatch: pytest.MonkeyPatch, *statuses: int) -> list[dict[str, str]]:
    """Let requests be answered with these statuses, each setting a new access token; returns the headers sent."""
    sent: list[dict[str, str]] = []
    left = list(statuses)

    def send(
        service: str, method: str, path: str, *, headers: dict[str, str], body: object
    ) -> tuple[Exchange, HttpAnswer]:
        del service, body
        sent.append(headers)
        status, cookie = left.pop(0), f"{ACCESS}=value-{len(sent)}; Secure"
        found = Headers([("Retry-After", "0")])
        answer = HttpAnswer(status, found, [cookie] if status == 201 else [], "utf-8", b"{}", 0.0)
        return Exchange(method, path, "", status, found, "{}", 0.0), answer

    monkeypatch.setattr(requests, "send", send)
    return sent


def test_who_has_logged_in_too_often_waits(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = answers(monkeypatch, 429, 429, 201)
    browser.log_in()
    assert (len(sent), browser.cookies[ACCESS]) == (3, "value-3")


def test_csrf_is_repeated_left_out_or_another(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.cookies[CSRF] = "token"
    sent = answers(monkeypatch, 200, 200, 200)
    for csrf in (None, "", "another"):
        browser.ask("webapp", "POST", "/x", csrf=csrf)
    assert [headers.get("X-CSRF-Token") for headers in sent] == ["token", None, "another"]


def test_a_logout_keeps_the_cookies_to_show_their_end(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.cookies[ACCESS] = "before"
    answers(monkeypatch, 201)
    browser.log_out()
    assert browser.cookies[ACCESS] == "before"


def claims(token: str, part: int) -> dict[str, str]:
    text = token.split(".")[part]
    decoded: dict[str, str] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return decoded


def test_bad_tokens_are_what_they_are_called() -> None:
    made = {kind: make(TOKEN) for kind, make in bad_tokens._MADE.items()}
    assert len({*made.values(), TOKEN}) == len(made) + 1
    assert claims(made["tampered"], 1) == {"sub": "me", "role": "super admin"}
    assert made["tampered"].endswith(".signature")
    assert (claims(made["unsigned"], 0)["alg"], made["unsigned"][-1]) == ("none", ".")
    assert claims(made["foreign-signed"], 1) == claims(TOKEN, 1)
    assert not made["foreign-signed"].endswith(".signature")
