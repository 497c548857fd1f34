"""Secrets are read from where the site file points, and every one that was read is blanked in the log.

A secret of the site file that the site shows, in an answer, a document, a message, an event or a log, is a leak: it is
noted here, and the running test fails.
"""

import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from focus_core.base.errors import SecretMissingError
from focus_core.site.model import SecretRef

BLANK = "<secret>"
# Shorter values would blank parts of ordinary words.
_SHORTEST_BLANKED = 4
# Robot cuts long values in its messages; so much of the beginning identifies the secret.
_IDENTIFYING_BEGINNING = 60

# One of these stands in every text that looks like a credential: found a hundred times faster than the pattern.
_HINTS = ("token", "passw", "secret", "key", "bearer", "basic", "eyj")
# What looks like a credential, although nobody has registered it.
_LOOKS_SECRET = re.compile(
    r"""(?P<before>["']?\b(?:access|refresh|csrf|id|session)[-_]?token\b["']?\s*[:=]\s*["']?
        |["']?\b(?:password|passwd|client[-_]?secret|api[-_]?key)\b["']?\s*[:=]\s*["']?
        |\b(?:bearer|basic)\s+(?=[\w.~+/-]{8}))(?:(?<=["'])[^"']+|[^\s"',;&}<]+)
        |\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*""",
    re.IGNORECASE | re.VERBOSE,
)

# Shorter values stand in answers by chance.
_SHORTEST_WATCHED = 6

_values: set[str] = set()
# Secrets of site files, each with the key of the site file that refers to it.
_watched: dict[str, str] = {}
_leaks: list[str] = []
_pattern: re.Pattern[str] | None = None
_lock = Lock()


def reveal(ref: SecretRef | None) -> str:
    """The value behind ``{env: NAME}`` or ``{file: PATH}``; no reference is the empty string.

    The value is registered for blanking. Raises ``SecretMissingError`` naming the variable or the file and its mode.
    """
    if ref is None:
        return ""
    value = _from_environment(ref.env) if ref.env is not None else _from_file(ref.file or Path())
    register(value)
    return value


def register(value: str) -> None:
    """Blanks ``value`` in every log message from now on; used for passwords, tokens and cookies made at run time."""
    global _pattern
    if len(value) < _SHORTEST_BLANKED or value in _values:
        return
    with _lock:
        _values.update(_as_written(value))
        _pattern = None


def blank(text: str) -> str:
    """``text`` with every registered secret replaced."""
    pattern = _pattern or _compile()
    return pattern.sub(BLANK, text) if pattern else text


def redacted(value: Any) -> Any:
    """Texts, lists and mappings as data for JSON without registered secrets and what else looks like a credential.

    For what leaves this machine: bytes become text.
    """
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        text, lower = blank(value), value.lower()
        if not any(hint in lower for hint in _HINTS):
            return text
        return _LOOKS_SECRET.sub(lambda found: f"{found['before'] or ''}{BLANK}", text)
    if isinstance(value, Mapping):
        return {str(name): redacted(content) for name, content in value.items()}
    return [redacted(item) for item in value] if isinstance(value, list | tuple) else value


def watch(value: str, key: str) -> None:
    """Lets ``note_leaks`` find the secret that ``key`` of the site file refers to."""
    # In the place of every secret a replayed site has what blanks them.
    if len(value) >= _SHORTEST_WATCHED and value != BLANK:
        _watched.update(dict.fromkeys(_as_written(value), key))


def note_leaks(where: str, read: object) -> None:
    """Notes each secret of the site in what was read of it; ``where`` names that, as "The log of pod x"."""
    text = str(read) if _watched else ""
    for value, key in list(_watched.items()):
        if value in text:
            _leaks.append(f"{blank(where)} shows a secret of the site, that of {key} in the site file.")


def take_leaks() -> list[str]:
    """A sentence for each leak that was noted since the last call."""
    found = list(dict.fromkeys(_leaks))
    _leaks.clear()
    return found


def _compile() -> re.Pattern[str] | None:
    """The pattern of all values; made when a text is blanked, since a site registers a dozen values in a row."""
    global _pattern
    with _lock:
        if _values:
            # The longest first: a token that contains another secret is blanked whole.
            _pattern = re.compile("|".join(_expression(known) for known in sorted(_values, key=len, reverse=True)))
        return _pattern


def _as_written(value: str) -> set[str]:
    """The value itself, and as JSON, Python and a URL write it."""
    return {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        quote(value, ""),
    }


def _expression(value: str) -> str:
    if len(value) <= _IDENTIFYING_BEGINNING:
        return re.escape(value)
    return re.escape(value[:_IDENTIFYING_BEGINNING]) + r"[\w.~+/=-]*"


def _from_environment(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise SecretMissingError(f"The environment variable {name} is not set; the site file takes a secret from it.")
    return value


def _from_file(path: Path) -> str:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        value = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        reason = error.strerror or error
        raise SecretMissingError(
            f"The secret file {path} cannot be read ({reason}); the site file names it."
        ) from error
    if os.name == "posix" and mode & 0o077:
        raise SecretMissingError(f"The secret file {path} has mode {mode:04o}; allowed is 0600: chmod 600 {path}.")
    if not value:
        raise SecretMissingError(f"The secret file {path} is empty; write the secret into it.")
    return value
