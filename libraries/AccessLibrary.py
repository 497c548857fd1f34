"""Access to the site's services."""

from focus_keywords.access.hostile import HostileInput
from focus_keywords.access.limits import Limits
from focus_keywords.access.logins import Logins
from focus_keywords.access.rights import Rights
from focus_keywords.access.sessions import Sessions
from focus_keywords.access.tls import Tls
from focus_keywords.library import KeywordLibrary
from robot.api.deco import library


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False)
class AccessLibrary(KeywordLibrary):
    """Access to the site's services: logins and their end, roles, limits, hostile input, certificates, TLS.

    Each service lets the site's users in, keeps strangers out, and shows a certificate that is good.

    Strangers: ``nobody`` does not log in; ``wrong password`` is the site's own user with another password; ``unknown
    user`` is one that there is not; ``guest``, ``admin``, ``root`` are the logins that such servers are delivered with
    (the password is the name).
    """

    def __init__(self) -> None:
        super().__init__([Logins(), Tls(), Sessions(), Rights(), Limits(), HostileInput()])
