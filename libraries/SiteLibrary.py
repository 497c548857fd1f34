"""The site that a suite runs against."""

import gc

from focus_core.base.words import CONVERTERS
from focus_core.run.listener import FocusListener
from focus_keywords.library import KeywordLibrary
from focus_keywords.site.getters import SiteGetters
from focus_keywords.site.opening import SiteOpening
from robot.api.deco import library


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=CONVERTERS)
class SiteLibrary(KeywordLibrary):
    """Opens the chosen site for a suite, and closes it again.

    The site is chosen by the variable ``${SITE}`` (a name below ``variables/sites`` or the path of a YAML file), else
    by the environment variable ``FOCUS_SITE``, else it is the simulated site, which is started when it is not up. It is
    chosen once, by `Open Site`: two choices that disagree are refused, and keywords that ask a site which the suite has
    not opened fail.

    With this library imported, whatever a test creates is removed at its end, secrets are blanked in the log, a test
    that meets a secret of the site in what it reads fails, a failed test carries the log lines of the pods concerned,
    and a failure that a known bug explains is skipped with its key.
    """

    def __init__(self) -> None:
        # What Robot Framework has loaded by now stays loaded: that the garbage collector goes through it again with
        # each collection is a tenth of a short run.
        gc.freeze()
        self.listener = FocusListener()
        self.ROBOT_LIBRARY_LISTENER = self.listener
        super().__init__([SiteOpening(self.listener), SiteGetters()])
