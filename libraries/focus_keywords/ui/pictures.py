"""Pictures of the page against those that a person approved."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.run import report
from focus_core.ui import approved, locators, pictures
from focus_core.ui.pictures import Difference
from robot.api import SkipExecution, logger
from robot.api.deco import keyword

from focus_keywords.ui.browser import BrowserOfProcess

_NAME = re.compile(r"[a-z0-9-]+")
_CHANGING = ("user", "bell", "notice", "connection")
_SETTLED = "() => document.fonts.ready.then(() => true)"
_ELEMENT_AT = """([x, y]) => {
    const found = document.elementFromPoint(x, y);
    if (!found) return "nothing";
    const name = found.getAttribute("aria-label") ?? found.innerText?.trim().slice(0, 40) ?? "";
    return `${found.tagName.toLowerCase()} ${found.dataset.testid ?? ""} '${name}'`;
}"""


class ApprovedPictures:
    """What the page looks like."""

    def __init__(self, browser: BrowserOfProcess) -> None:
        self._browser = browser

    @keyword(tags=("ui", "Assertion"))
    def picture_should_be_approved(self, name: str, *, of: str | None = None) -> None:
        """Compares the page, or the element whose selector is ``of``, with the picture of this name that a person has
        approved (``suites/ui/pictures``).

        Fails when there is none, and where the two differ: expected, actual and marked picture are beside the log, and
        the failure names the place and the element there. What depends on others, the user's name, the bell and the
        notice, is painted over. Only pictures of chromium-headless-shell are alike on all machines: with another
        browser the test is skipped.

        | Open Operator Page    map    who=nobody
        | Picture Should Be Approved    login
        """
        if not _NAME.fullmatch(name):
            raise BenchError(f"A picture is named with small letters, digits and dashes, not '{name}'.")
        browser = self._browser.launch.browser
        if browser.kind != "headless-shell":
            raise SkipExecution(
                "Pictures are compared with chromium-headless-shell only, and this browser draws otherwise: "
                "'python run.py ui fetch' gets it."
            )
        actual = self._take(name, of)
        pictures.stamp(actual, f"{browser.kind} {browser.version}")
        expected = approved.baseline(name)
        if not expected.exists():
            raise AssertionError(
                f"Nobody has approved a picture '{name}' yet: look at {actual.name} beside the log, then "
                f"'python run.py ui approve {name}'."
            )
        difference = pictures.compare(expected, actual)
        if difference:
            self._fail(name, expected, actual, difference, of)
        actual.unlink()

    def _take(self, name: str, of: str | None) -> Path:
        self._browser.script(_SETTLED)
        path = report.output_folder() / approved.actual_name(name)
        painted_over = [locators.selector("page", name) for name in _CHANGING]
        taken = self._browser.library.take_screenshot(
            str(path.with_suffix("")), of, disableAnimations=True, mask=painted_over, log_screenshot=False
        )
        if Path(taken) != path:
            Path(taken).replace(path)
        return path

    def _fail(self, name: str, expected: Path, actual: Path, difference: Difference, of: str | None) -> None:
        kept = actual.with_name(f"picture-{name}.expected.png")
        marked = actual.with_name(f"picture-{name}.marked.png")
        shutil.copyfile(expected, kept)
        pictures.mark(expected, actual, marked)
        for path in (kept, actual, marked):
            logger.info(f'<img src="{path.name}" alt="{path.stem}" width="45%">', html=True)
        raise AssertionError(
            f"The picture '{name}' is not the approved one: {difference}{self._element(difference, of)}. Look at "
            f"{marked.name} beside the log; if the page is right, 'python run.py ui approve {name}'."
        )

    def _element(self, difference: Difference, of: str | None) -> str:
        if difference.sizes:
            return ""
        left, top = 0.0, 0.0
        if of:
            box = self._browser.script(
                "(one) => { const b = one.getBoundingClientRect(); return [b.x, b.y] }", selector=of
            )
            left, top = box
        x, y = difference.middle
        return f", on {self._browser.script(_ELEMENT_AT, arg=[left + x, top + y])}"
