"""Passwords and keys of one site: random, made once per state directory, each in a file of mode 0600."""

from __future__ import annotations

import json
import secrets

from simulator.state import StateDir, write_atomically

LANES = 8


def make_secrets(state: StateDir) -> None:
    """Make the secrets that are still missing: broker, node, token key, users of the lanes."""
    state.secrets.mkdir(mode=0o700, exist_ok=True)
    for name in ("rabbitmq", "node", "token-key", *lane_names()):
        path = state.secrets / name
        if not path.exists():
            write_atomically(path, secrets.token_urlsafe(32))
    users = [{"username": lane, "password": read_secret(state, lane), "role": "admin"} for lane in lane_names()]
    write_atomically(state.secrets / "users.json", json.dumps(users))


def read_secret(state: StateDir, name: str) -> str:
    """Return the text of one secret."""
    return (state.secrets / name).read_text(encoding="utf-8").strip()


def lane_names() -> list[str]:
    """Return the users of the parallel lanes, lane0 to lane7."""
    return [f"lane{number}" for number in range(LANES)]
