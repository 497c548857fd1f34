"""The SSH node of the site."""

from focus_core.base.words import CONVERTERS
from focus_keywords.library import KeywordLibrary
from focus_keywords.node.login import NodeLogin
from robot.api.deco import library


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=CONVERTERS)
class NodeLibrary(KeywordLibrary):
    """Companion of SSHLibrary, which takes no secrets and logs the arguments of its login."""

    def __init__(self) -> None:
        super().__init__([NodeLogin()])
