"""Answers and frames that a test plays to the page in the place of the server: for pictures of data that never change,
and for an address that does not answer."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from focus_core.base.errors import BenchError
from focus_core.ui.locators import FOLDER
from robot.api.deco import keyword

from focus_keywords.ui.browser import BrowserOfProcess

_FOLDER = FOLDER / "answers"
_JSON = "application/json"


class PlayedAnswers:
    """What stands in for the server. Tests of faults take the real parts away instead."""

    def __init__(self, browser: BrowserOfProcess) -> None:
        self._browser = browser

    @keyword(tags=("ui",))
    def answer_from_file(self, address: str, name: str, *, status: int = 200) -> None:
        """Every request of the current page to an address like ``address`` (a glob) gets the answer of that name, a
        file of ``variables/ui/answers``.

        | Open Operator Page    map
        | Answer From File    **/api/alert?*    alerts
        | Go To View    journal
        """
        try:
            body = (_FOLDER / f"{name}.json").read_text(encoding="utf-8")
        except OSError as error:
            raise BenchError(f"There is no answer '{name}' in variables/ui/answers ({error.strerror}).") from None
        self._browser.extension("answerRequests", url=address, status=status, contentType=_JSON, body=body)

    @keyword(tags=("ui",))
    def play_frames(self, address: str, frames: Sequence[bytes]) -> None:
        """Every WebSocket that the current page opens to an address like ``address`` (a glob) gets these frames.

        | Open Operator Page    analysis
        | Play Frames    **/rows?*    ${{[b"1234"]}}
        """
        encoded = [base64.b64encode(frame).decode("ascii") for frame in frames]
        self._browser.extension("playFrames", url=address, frames=encoded)
