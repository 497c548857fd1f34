"""Keywords about the SSH node that SSHLibrary cannot offer: a login that shows no secret, and addresses of the site."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from assertionengine import AssertionOperator
from focus_core.base.errors import BenchError
from focus_core.base.run_identity import unique
from focus_core.node import shell
from focus_core.site.data import site
from focus_core.site.secrets import reveal
from robot.api.deco import keyword
from robot.libraries.BuiltIn import BuiltIn

from focus_keywords.getters import CHECK, checked

if TYPE_CHECKING:
    from SSHLibrary import SSHLibrary


# Seconds for one command.
_COMMAND_S = 30.0


class NodeLogin:
    """The login that shows no secret, and commands."""

    @keyword(tags=("ssh",))
    def log_into_the_node(self) -> None:
        """Opens an SSH connection to the site's node and logs in. SSHLibrary's keywords, as Put File, then work on it.

        `Run On The Node` and what is made of it need no login.

        | Log Into The Node
        """
        place = site().node
        ssh = _ssh_library()
        # Called as Python, not as a keyword: Robot would log the arguments.
        ssh.open_connection(place.host, port=place.port, timeout="20 s")
        try:
            ssh.login(place.username, reveal(place.password), delay="0 s")
        except (RuntimeError, OSError) as error:
            ssh.close_connection()
            raise BenchError(
                f"The node {place.host}:{place.port} does not let '{place.username}' in ({error}); check that it runs "
                "and that node.* of the site file is right."
            ) from error

    @keyword(tags=("ssh",))
    def log_out_of_the_node(self) -> None:
        """Closes the connection of `Log Into The Node`.

        | Log Out Of The Node
        """
        _ssh_library().close_connection()

    @keyword(tags=("ssh", "Getter", "Assertion"), types={**CHECK, "command": str})
    def run_on_the_node(
        self,
        command: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> str:
        """Runs a command on the node and returns what it printed; fails when it ends with an error.

        With an operator the printed text is checked, without line breaks at its end; with ``within`` the command is run
        again until it holds. Needs no login before. Bytes that are no UTF-8 are shown as ``\\xff``.

        | ${printed} =    Run On The Node    uptime
        | Run On The Node    echo it works    ==    it works
        """

        def run() -> str:
            ended = shell.shell_of(site()).execute(command, timeout=_COMMAND_S)
            if ended.code:
                raise AssertionError(f"it ended with {ended.code} on the node: {ended.errors or 'it said nothing'}")
            return ended.output.rstrip("\n")

        printed: str = checked(f"'{command}'", run, operator, expected, message, within, during)
        return printed

    @keyword(tags=("ssh",))
    def new_name_on_the_node(self, prefix: str = "focus-test") -> str:
        """A file name under /tmp that no other test uses; it carries the run id.

        | ${name} =    New Name On The Node
        """
        return f"/tmp/{unique(prefix)}"  # noqa: S108 - a name on the node, unique and removed by its test


def _ssh_library() -> SSHLibrary:
    return cast("SSHLibrary", BuiltIn().get_library_instance("SSHLibrary"))
