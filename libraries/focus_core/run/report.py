"""What the libraries write into the log beside plain messages. This module knows Robot Framework."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from uuid import uuid4

from robot.api import logger
from robot.libraries.BuiltIn import BuiltIn

from focus_core.run import curl
from focus_core.server.client import Exchange
from focus_core.site import secrets

# A body beyond this is cut: a log must open in a browser.
_MOST_CHARACTERS = 20_000
_MOST_LAID_OUT = 200_000
# One click selects the whole.
COPIED = ' style="user-select:all"'


_last_logged: tuple[object, ...] = ()


def log_exchange(exchange: Exchange) -> None:
    """Request and answer at a fold, with readable JSON and without secrets; a repetition only at DEBUG level."""
    global _last_logged
    if threading.current_thread() is not threading.main_thread():
        # Robot keeps nothing that another thread logs; whoever started the thread logs it afterwards.
        return
    path = exchange.url.partition("://")[2].partition("/")[2]
    summary = f"{exchange.method} /{path} → {exchange.status} in {exchange.seconds:.3f} s"
    test = BuiltIn().get_variable_value("${TEST_NAME}")
    logged = (test, exchange.method, exchange.url, exchange.request_body, exchange.status, exchange.body)
    if logged == _last_logged:
        # Whoever waits asks the same again and again; a log full of that hides the rest.
        logger.debug(f"{summary}, the same as before")
        return
    _last_logged = logged
    headers = "\n".join(f"{name}: {value}" for name, value in exchange.headers.items())
    text = f"{_pretty(exchange.request_body)}\n\n→ {exchange.status}\n{headers}\n\n{_pretty(exchange.body)}".strip()
    log_fold(summary, text)
    log_fold(
        "copy as curl",
        curl.command(exchange.method, exchange.url, exchange.request_headers, exchange.request_body),
        COPIED,
    )


def log_fold(summary: str, text: str, attributes: str = "") -> None:
    """A line that opens to the text, without secrets; ``attributes`` are those of its HTML element."""
    shown = f"<pre{attributes}>{escape(secrets.blank(text))}</pre>"
    logger.info(f"<details><summary>{escape(summary)}</summary>{shown}</details>", html=True)


def output_folder() -> Path:
    """The folder of this run's log; what belongs to the log is written there."""
    return Path(BuiltIn().get_variable_value("${OUTPUT_DIR}"))


def log_picture(kind: str, draw: Callable[[Path], None]) -> None:
    """Shows what ``draw`` writes to a path: a PNG beside the log, under a name that no other picture has."""
    path = output_folder() / f"{kind}-{uuid4().hex[:8]}.png"
    with evidence_that_may_be_lost(f"picture of the {kind}"):
        draw(path)
        logger.info(f'<img src="{path.name}" alt="{path.stem}">', html=True)


@contextlib.contextmanager
def evidence_that_may_be_lost(what: str) -> Iterator[None]:
    """A file that cannot be written is a warning in the report, and no verdict on the site."""
    try:
        yield
    except OSError as error:
        logger.warn(lost(what, error))


def lost(what: str, error: OSError) -> str:
    """The sentence for evidence that could not be written to the output folder."""
    reason = error.strerror or type(error).__name__
    return f"The {what} was not kept ({reason}); make room on the disk, and let nothing else use the output folder."


def writable(text: str) -> str:
    """The text with halves of surrogate pairs, which JSON can carry and no file can, as escapes.

    Robot Framework would write half of the message, and the results of the whole process could not be read.
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _pretty(body: str) -> str:
    # What is not JSON is shown as it is, and so is what takes long to lay out: rows of a waterfall.
    with contextlib.suppress(ValueError, RecursionError):
        if len(body) <= _MOST_LAID_OUT:
            body = json.dumps(json.loads(body), indent=1)
    return body if len(body) <= _MOST_CHARACTERS else f"{body[:_MOST_CHARACTERS]}\n... ({len(body)} characters)"
