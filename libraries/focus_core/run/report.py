"""What the libraries write into the log beside plain messages. This module knows Robot Framework."""

import contextlib
import json
import threading
from html import escape
from pathlib import Path
from uuid import uuid4

from robot.api import logger
from robot.libraries.BuiltIn import BuiltIn

from focus_core.server.client import Exchange
from focus_core.site import secrets

# A body beyond this is cut: a log must open in a browser.
_MOST_CHARACTERS = 20_000
_MOST_LAID_OUT = 200_000


_last_said: tuple[object, ...] = ()


def log_exchange(exchange: Exchange) -> None:
    """Request and answer at a fold, with readable JSON and without secrets; a repetition only at DEBUG level."""
    global _last_said
    if threading.current_thread() is not threading.main_thread():
        # Robot keeps nothing that another thread logs; whoever started the thread logs it afterwards.
        return
    path = exchange.url.partition("://")[2].partition("/")[2]
    summary = f"{exchange.method} /{path} → {exchange.status} in {exchange.seconds:.3f} s"
    test = BuiltIn().get_variable_value("${TEST_NAME}")
    said = (test, exchange.method, exchange.url, exchange.request_body, exchange.status, exchange.body)
    if said == _last_said:
        # Whoever waits asks the same again and again; a log full of that hides the rest.
        logger.debug(f"{summary}, the same as before")
        return
    _last_said = said
    headers = "\n".join(f"{name}: {value}" for name, value in exchange.headers.items())
    text = f"{_pretty(exchange.request_body)}\n\n→ {exchange.status}\n{headers}\n\n{_pretty(exchange.body)}".strip()
    log_fold(summary, text)


def log_fold(summary: str, text: str) -> None:
    """A line that opens to the text, without secrets."""
    logger.info(
        f"<details><summary>{escape(summary)}</summary><pre>{escape(secrets.blank(text))}</pre></details>", html=True
    )


def new_picture(kind: str) -> Path:
    """Where a PNG belongs: beside the log, under a name that no other picture has."""
    return Path(BuiltIn().get_variable_value("${OUTPUT_DIR}")) / f"{kind}-{uuid4().hex[:8]}.png"


def log_picture(path: Path) -> None:
    """Shows a picture that stands beside the log."""
    logger.info(f'<img src="{path.name}" alt="{path.stem}">', html=True)


def _pretty(body: str) -> str:
    # What is not JSON is shown as it is, and so is what takes long to lay out: rows of a waterfall.
    with contextlib.suppress(ValueError, RecursionError):
        if len(body) <= _MOST_LAID_OUT:
            body = json.dumps(json.loads(body), indent=1)
    return body if len(body) <= _MOST_CHARACTERS else f"{body[:_MOST_CHARACTERS]}\n... ({len(body)} characters)"
