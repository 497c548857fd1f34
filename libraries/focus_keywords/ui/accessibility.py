"""Whether people can use the page who cannot see it well, or have no mouse."""

from __future__ import annotations

from pathlib import Path

from focus_core.base.failures import fail_with
from focus_core.ui import launch
from robot.api.deco import keyword

from focus_keywords.ui.browser import BrowserOfProcess

_AXE = Path(launch.__file__).parent / "axe" / "axe.min.js"
# The rules of WCAG 2.0 and 2.1, levels A and AA.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


class Accessibility:
    """The rules of WCAG, as axe tests them."""

    def __init__(self, browser: BrowserOfProcess) -> None:
        self._browser = browser

    @keyword(tags=("ui", "Assertion"))
    def page_should_be_accessible(self) -> None:
        """Fails for every element of the page as it is now that breaks a rule of WCAG 2.1, levels A and AA, which axe
        can test: labels, contrast, roles, names.

        | Open Operator Page    journal
        | Page Should Be Accessible
        """
        source = _AXE.read_text(encoding="utf-8")
        found = self._browser.extension("accessibilityViolations", source=source, tags=_RULES)
        fail_with(
            "The page breaks rules of accessibility",
            [f"{one['id']} ({one['impact']}): {one['help']}: {', '.join(one['nodes'][:3])}" for one in found],
        )
