"""Answers that a test plays to the page in the place of the server: for pictures of data that never change."""

from __future__ import annotations

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
