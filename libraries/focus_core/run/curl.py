"""A request as a command for curl, with variables of the shell in the place of credentials."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from focus_core.site import secrets

# What curl sends by itself, or what is about the test and not the request.
_NOT_SHOWN = {"host", "content-length", "connection", "user-agent", "accept-encoding"}
_CREDENTIALS = {"authorization": "FOCUS_TOKEN", "cookie": "FOCUS_COOKIE", "x-csrf-token": "FOCUS_CSRF_TOKEN"}
# A longer body is cut: whoever needs it whole finds it in the bundle.
_MOST_CHARACTERS = 4000


def command(method: str, url: str, headers: Mapping[str, str], body: str) -> str:
    """``curl`` with the request; whoever runs it sets ``$FOCUS_TOKEN`` or the other variables that it names."""
    parts = ["curl -sS -i", *([] if method == "GET" else [f"-X {method}"]), _quoted(secrets.blank(url))]
    for name, value in headers.items():
        if name.lower() not in _NOT_SHOWN:
            parts.append(f"-H {_header(name, value)}")
    if body:
        shown = body if len(body) <= _MOST_CHARACTERS else f"{body[:_MOST_CHARACTERS]}... ({len(body)} characters)"
        parts.append(f"--data-raw {_quoted(secrets.redacted(shown))}")
    return " \\\n  ".join(parts)


def _header(name: str, value: str) -> str:
    variable = _CREDENTIALS.get(name.lower())
    if not variable:
        return _quoted(f"{name}: {secrets.redacted(value)}")
    scheme = re.match(r"(Bearer|Basic)\s", value)
    return f'"{name}: {scheme[0] if scheme else ""}${variable}"'


def _quoted(text: str) -> str:
    """For the shell; a blanked secret becomes a variable."""
    pieces = [shlex.quote(piece) if piece else "" for piece in text.split(secrets.BLANK)]
    return '"$FOCUS_SECRET"'.join(pieces) or "''"
