"""Passwords and keys of one site: random, made once per state directory, each in a file of mode 0600."""

from __future__ import annotations

import json
import secrets
import time

import jwt

from simulator.layout.state import StateDir, write_atomically

LANES = 8
# Beside the lanes: one who may do everything, one who may only read, and another one whom tests may lock out.
OTHER_USERS = {"superadmin": "super admin", "viewer": "viewer", "visitor": "viewer"}
_EXPIRED_S = 3600.0


def make_secrets(state: StateDir) -> None:
    """Make the secrets that are still missing: database, broker, node, token key, users of the lanes."""
    state.secrets.mkdir(mode=0o700, exist_ok=True)
    for name in ("mongodb", "mongodb-root", "rabbitmq", "node", "token-key", *roles_by_user()):
        path = state.secrets / name
        if not path.exists():
            write_atomically(path, secrets.token_urlsafe(32))
    users = [
        {"username": name, "password": read_secret(state, name), "role": role} for name, role in roles_by_user().items()
    ]
    write_atomically(state.secrets / "users.json", json.dumps(users))
    write_atomically(state.secrets / "expired-token", _expired_token(read_secret(state, "token-key")))


def _expired_token(key: str) -> str:
    """Return an access token as the web app gives it to a user (``pods.webapp.tokens``), whose time is over."""
    end = int(time.time() - _EXPIRED_S)
    claims = {"sub": "lane0", "role": "admin", "iss": "prisma", "use": "access", "iat": end - 1, "exp": end}
    return jwt.encode({**claims, "jti": secrets.token_hex(8)}, key, algorithm="HS256")


def read_secret(state: StateDir, name: str) -> str:
    """Return the text of one secret."""
    return (state.secrets / name).read_text(encoding="utf-8").strip()


def roles_by_user() -> dict[str, str]:
    """Return the role of every web app user: the parallel lanes' lane0 to lane7 first, then one of each other role."""
    return {**{f"lane{number}": "admin" for number in range(LANES)}, **OTHER_USERS}
