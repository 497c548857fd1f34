"""Requests as commands for curl."""

from __future__ import annotations

import subprocess

from focus_core.run import curl
from focus_core.site import secrets


def arguments(command: str) -> list[str]:
    """What the shell makes of it, with values for the variables."""
    shown = command.replace("curl", "printf '%s\\n'", 1)
    set_ = {"FOCUS_TOKEN": "T", "FOCUS_SECRET": "S", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["sh", "-c", shown], env=set_, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_credentials_are_variables_and_the_rest_is_as_sent() -> None:
    headers = {"User-Agent": "x", "Authorization": "Bearer abc.def", "Content-Type": "application/json"}
    command = curl.command("POST", "https://site/configure", headers, '{"name": "it\'s $HOME `id`"}')
    assert "abc.def" not in command
    assert arguments(command) == [
        *("-sS", "-i", "-X", "POST", "https://site/configure"),
        *("-H", "Authorization: Bearer T", "-H", "Content-Type: application/json"),
        *("--data-raw", '{"name": "it\'s $HOME `id`"}'),
    ]


def test_secrets_in_url_and_body_are_variables() -> None:
    secrets.register("hidden-for-curl")
    command = curl.command("GET", "https://site/?key=hidden-for-curl", {}, '{"password": "never registered"}')
    assert "hidden-for-curl" not in command
    assert arguments(command)[2:] == ["https://site/?key=S", "--data-raw", '{"password": "S"}']


def test_a_long_body_is_cut() -> None:
    command = curl.command("POST", "https://site/", {}, "x" * 9000)
    assert len(command) < 5000
    assert "(9000 characters)" in command
