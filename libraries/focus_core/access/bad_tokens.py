"""Access tokens that prove nothing, made of a good one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, Literal

from focus_core.access import requests
from focus_core.access.browser import ACCESS, REFRESH, Browser, kept
from focus_core.site import data as site_data
from focus_core.site import secrets
from focus_core.site.model import User

Kind = Literal[
    "no", "empty", "malformed", "cut", "tampered", "foreign-signed", "unsigned", "expired", "refresh", "logged-out"
]
_FOREIGN_KEY = b"a key that this site has never seen"


def headers_with(kind: Kind, user: User) -> dict[str, str] | None:
    """The headers of a request that carries a token of this kind; None where the site file names no expired one."""
    if kind == "no":
        return {}
    if kind == "expired":
        ref = site_data.site().webapp.expired_token
        return requests.bearer(secrets.reveal(ref)) if ref else None
    if kind == "logged-out":
        ended = Browser(user)
        ended.log_in()
        ended.log_out()
        return requests.bearer(ended.cookies[ACCESS])
    cookies = kept(user).cookies
    return requests.bearer(cookies[REFRESH] if kind == "refresh" else _MADE[kind](cookies[ACCESS]))


def _tampered(token: str) -> str:
    header, claims, signature = token.split(".")
    return f"{header}.{_encoded({**_decoded(claims), 'role': 'super admin'})}.{signature}"


def _foreign(token: str) -> str:
    signed = f"{_encoded({'alg': 'HS256', 'typ': 'JWT'})}.{token.split('.')[1]}"
    return f"{signed}.{_text(hmac.digest(_FOREIGN_KEY, signed.encode(), hashlib.sha256))}"


def _unsigned(token: str) -> str:
    return f"{_encoded({'alg': 'none', 'typ': 'JWT'})}.{token.split('.')[1]}."


_MADE: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "malformed": lambda _: "not.a.token",
    "cut": lambda token: token[:-4],
    "tampered": _tampered,
    "foreign-signed": _foreign,
    "unsigned": _unsigned,
}


def _encoded(content: dict[str, Any]) -> str:
    return _text(json.dumps(content, separators=(",", ":")).encode())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(part: str) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return decoded
