"""Signed tokens of the web app's users, as the web app issues and the ingress and Focus Server read them."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

import jwt

from simulator.defects import active

ISSUER = "prisma"
# How the ingress passes a token on that it has checked; what clients send under this name it drops.
FORWARDED = "X-Forwarded-Access-Token"


class TokenError(Exception):
    """A token that proves nothing; the text names the reason, without repeating it."""


@dataclass(frozen=True)
class Claims:
    """The claims of a good token: user, role, its own id, the epoch second of its end."""

    user: str
    role: str
    token_id: str
    expires: int


def sign(key: str, user: str, role: str, lifetime: float, use: str) -> str:
    """Return an HS256 token for ``use`` ("access" or "refresh") that lives ``lifetime`` seconds."""
    now = int(time.time())
    claims = {"sub": user, "role": role, "iss": ISSUER, "iat": now, "exp": now + int(lifetime)}
    return jwt.encode({**claims, "use": use, "jti": secrets.token_hex(8)}, key, algorithm="HS256")


def read(key: str, token: str, use: str = "access") -> Claims:
    """Return the claims of a token; TokenError when it is forged, expired, or made for another use."""
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], issuer=ISSUER, options=_options(token))
    except jwt.ExpiredSignatureError as expired:
        raise TokenError("The access has expired; log in again.") from expired
    except jwt.InvalidTokenError as bad:
        raise TokenError("The access is not valid; log in and send what the login returned.") from bad
    if claims.get("use", "access") != use:
        raise TokenError(f"This login value is not made for {use}.")
    return Claims(str(claims["sub"]), str(claims.get("role", "viewer")), str(claims.get("jti", "")), int(claims["exp"]))


def _options(token: str) -> Any:
    """Return what is checked of a token: everything, unless a defect is on."""
    options: dict[str, Any] = {"require": ["exp", "sub", "iss"]}
    if active("expired-token-accepted"):
        options["verify_exp"] = False
    unsigned = jwt.get_unverified_header(token).get("alg") == "none"
    if active("unsigned-token-accepted" if unsigned else "foreign-token-accepted"):
        options |= {"verify_signature": False, "verify_exp": not active("expired-token-accepted"), "verify_iss": True}
    return options


class Revoked:
    """Tokens that a logout ended before their time, by id; forgotten when they would have expired anyway."""

    def __init__(self) -> None:
        self._ends: dict[str, int] = {}

    def add(self, claims: Claims) -> None:
        """End a token."""
        now = time.time()
        if len(self._ends) > 1000:
            self._ends = {one: end for one, end in self._ends.items() if end > now}
        self._ends[claims.token_id] = claims.expires

    def __contains__(self, claims: Claims) -> bool:
        """Return whether a logout ended the token."""
        ended = claims.token_id in self._ends and claims.token_id != ""
        return ended and not active("session-survives-logout")
