"""Logins of the web app through the ingress: cookies, renewal, end, protection of cookies, lockout."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from pathlib import Path

import jwt
import pytest
import requests
from support.site_commands import Site, bearer, login, secret, web

BODY = {"alertsAmount": 1, "dofM": 4163, "classId": 104, "severity": 3, "alertIds": ["test-session"]}


def set_cookies(answer: requests.Response) -> list[str]:
    return [value for name, value in answer.raw.headers.items() if name.lower() == "set-cookie"]


class Browser:
    """A user by cookies, as a browser keeps them."""

    def __init__(self, site: Site, name: str = "lane1") -> None:
        self.site = site
        self.http = web(site)
        password = next(secret(user["password"]) for user in site["users"] if user["username"] == name)
        self.take(self.call("POST", "auth/login", json={"username": name, "password": password}))

    def take(self, answer: requests.Response) -> None:
        """Send the CSRF cookie of a login back in its header, as the page's scripts do."""
        assert answer.status_code == 201, answer.text
        self.http.headers["X-CSRF-Token"] = self.http.cookies["csrf-token"]

    def forge(self, name: str, value: str) -> None:
        for cookie in self.http.cookies:
            if cookie.name == name:
                cookie.value = value

    def call(self, method: str, path: str, **options: object) -> requests.Response:
        return self.http.request(method, f"{self.site['webapp']['url']}/{path}", timeout=10, **options)  # type: ignore[arg-type]

    def alert(self, method: str = "GET", path: str = "alert", **options: object) -> requests.Response:
        return self.call(method, f"{self.site['webapp']['site_id']}/api/{path}", **options)


def test_login_gives_three_cookies_and_a_token_that_names_the_user(simulated_site: Site) -> None:
    answer = login(simulated_site, "lane3")
    assert answer.status_code == 201
    assert set(answer.cookies.keys()) == {"access-token", "refresh-token", "csrf-token"}
    assert answer.cookies["access-token"] == answer.json()["access_token"]
    claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["role"], claims["iss"]) == ("lane3", "admin", "prisma")
    assert claims["exp"] - claims["iat"] == answer.json()["expires_in"] == 180


def flags_of(answer: requests.Response) -> dict[str, tuple[bool, bool, bool]]:
    """Return by cookie whether it is HttpOnly, Secure and SameSite=strict."""
    flags = {}
    for line in set_cookies(answer):
        name, low = line.partition("=")[0], line.lower()
        flags[name] = ("httponly" in low, "secure" in low, "samesite=strict" in low)
    return flags


def test_cookies_carry_their_flags_unless_the_defect_is_on(simulated_site: Site, defect: Callable[..., None]) -> None:
    good = {"access-token": (True,) * 3, "refresh-token": (True,) * 3, "csrf-token": (False, True, True)}
    assert flags_of(login(simulated_site, "lane3")) == good
    defect("cookie-flags-missing")
    assert flags_of(login(simulated_site, "lane3")) == dict.fromkeys(good, (False, False, False))


def test_login_by_form(simulated_site: Site) -> None:
    user = simulated_site["users"][1]
    form = {"username": user["username"], "password": secret(user["password"])}
    answer = web(simulated_site).post(f"{simulated_site['webapp']['url']}/auth/login", data=form, timeout=10)
    assert answer.status_code == 201


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"username": "lane0"}', '{"username": 7, "password": []}'])
def test_a_login_without_name_and_password_is_refused(simulated_site: Site, body: str) -> None:
    answer = web(simulated_site).post(f"{simulated_site['webapp']['url']}/auth/login", data=body, timeout=10)
    assert (answer.status_code, answer.json()["type"]) == (400, "ValidationError")


def test_repeated_bad_logins_lock_the_name(simulated_site: Site, defect: Callable[..., None]) -> None:
    name = f"nobody-{uuid.uuid4().hex}"
    answers = [login(simulated_site, name, "wrong").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    locked = login(simulated_site, name, "wrong")
    assert 1 <= int(locked.headers["Retry-After"]) <= 6
    defect("login-never-locked")
    assert login(simulated_site, name, "wrong").status_code == 401


def test_too_many_good_logins_must_wait_unless_the_defect_is_on(
    simulated_site: Site, defect: Callable[..., None]
) -> None:
    def statuses() -> set[int]:
        return {login(simulated_site, "lane7").status_code for _ in range(30)}

    assert statuses() == {201, 429}
    defect("rate-limit-missing")
    assert statuses() == {201}


def test_a_refresh_token_renews_the_login_once(simulated_site: Site) -> None:
    browser = Browser(simulated_site)
    old = dict(browser.http.cookies.items())
    browser.take(browser.call("POST", "auth/refresh"))
    new = dict(browser.http.cookies.items())
    assert all(new[name] != old[name] for name in old)
    assert browser.alert().status_code == 200
    browser.forge("refresh-token", old["refresh-token"])
    assert browser.call("POST", "auth/refresh").status_code == 401


def test_a_refresh_needs_the_csrf_header_and_the_right_token(simulated_site: Site) -> None:
    browser = Browser(simulated_site)
    assert browser.call("POST", "auth/refresh", headers={"X-CSRF-Token": "x"}).status_code == 403
    browser.forge("refresh-token", browser.http.cookies["access-token"])
    assert browser.call("POST", "auth/refresh").status_code == 401


def test_logout_ends_the_login_everywhere(simulated_site: Site) -> None:
    browser, other = Browser(simulated_site), Browser(simulated_site)
    channels = f"{simulated_site['focus']['url']}/channels"
    refresh = browser.http.cookies["refresh-token"]
    assert browser.http.get(channels, timeout=10).status_code == 200
    assert browser.call("POST", "auth/logout", headers={"X-CSRF-Token": "x"}).status_code == 403
    answer = browser.call("POST", "auth/logout")
    assert answer.status_code == 201
    assert all("max-age=0" in line.lower() for line in set_cookies(answer))
    assert browser.alert().status_code == 401
    assert browser.http.get(channels, timeout=10).status_code == 401
    again = {"Cookie": f"refresh-token={refresh}; csrf-token=x", "X-CSRF-Token": "x"}
    assert web(simulated_site).post(f"{simulated_site['webapp']['url']}/auth/refresh", headers=again).status_code == 401
    assert other.alert().status_code == 200


def test_forged_expired_and_refresh_tokens_are_refused(simulated_site: Site) -> None:
    key = (Path(simulated_site["state_dir"]) / "secrets" / "token-key").read_text()
    claims = {"sub": "lane0", "role": "admin", "iss": "prisma", "use": "access", "jti": "1"}
    good = jwt.encode({**claims, "exp": time.time() + 99}, key)
    bad = [
        jwt.encode({**claims, "exp": time.time() + 99}, "x" * 32),
        jwt.encode({**claims, "exp": time.time() - 1}, key),
        jwt.encode({**claims, "exp": time.time() + 99}, "", algorithm="none"),
        login(simulated_site, "lane2").cookies["refresh-token"],
    ]
    api = f"{simulated_site['webapp']['url']}/{simulated_site['webapp']['site_id']}/api/alert"
    for url in (api, f"{simulated_site['focus']['url']}/channels"):
        statuses = [
            web(simulated_site).get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10).status_code
            for token in (good, *bad)
        ]
        assert statuses == [200, 401, 401, 401, 401], url


def test_a_change_by_cookie_needs_the_csrf_header(simulated_site: Site, defect: Callable[..., None]) -> None:
    browser = Browser(simulated_site)
    without, wrong = {"X-CSRF-Token": None}, {"X-CSRF-Token": "x"}
    for headers in (without, wrong):
        assert browser.alert("POST", "push-to-rabbit", json=BODY, headers=headers).status_code == 403
        assert browser.alert("DELETE", "alert/delete", json={"alertIds": []}, headers=headers).status_code == 403
    assert browser.alert("POST", "push-to-rabbit", json=BODY).status_code == 201
    assert browser.alert(headers=without).status_code == 200
    defect("csrf-unchecked")
    assert browser.alert("POST", "push-to-rabbit", json=BODY, headers=wrong).status_code == 201


def test_the_login_page_learns_where_to_go_without_a_login(simulated_site: Site) -> None:
    url = f"{simulated_site['webapp']['url']}/login-configuration"
    params = {"successRedirectUrl": "/", "errorRedirectUrl": "/externalLoginError"}
    answer = web(simulated_site).get(url, params=params, timeout=10)
    assert answer.status_code == 200
    assert answer.json()["isPasswordResetAvailable"] is False
    assert [set(button) for button in answer.json()["externalLoginButtons"]] == [{"id", "url", "visible"}]
    for evil in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        refused = web(simulated_site).get(url, params={"successRedirectUrl": evil}, timeout=10)
        assert (refused.status_code, "evil" in refused.text) == (400, False)


def test_a_bearer_of_every_role_is_known(simulated_site: Site) -> None:
    url = f"{simulated_site['webapp']['url']}/{simulated_site['webapp']['site_id']}/api/user/config"
    for name, role in (("lane0", "admin"), ("superadmin", "super admin"), ("viewer", "viewer")):
        answer = web(simulated_site).get(url, headers=bearer(simulated_site, name), timeout=10)
        assert (answer.json()["username"], answer.json()["role"]) == (name, role)
