"""Git in a checkout that others wrote: argument lists only, nothing of the checkout is executed.

Everything is read from commits, never from the working tree, so no link and no local change is followed.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path, PurePosixPath

from focus_core.base.errors import BenchError

TIMEOUT_S = 30.0
FETCH_TIMEOUT_S = 300.0
_REF = re.compile(r"[A-Za-z0-9][\w./+-]{0,199}")
_SHOWN = 100
# The checkout's own settings and attributes must not start programs, the user's must not change what is printed.
_SAFE = (
    *("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"),
    *("-c", "protocol.ext.allow=never", "-c", "color.ui=false", "-c", "diff.external=", "-c", "credential.helper="),
    "--no-pager",
)


class Git:
    """Commands in one checkout."""

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout

    def run(self, *args: str, timeout: float = TIMEOUT_S, may_find_nothing: bool = False) -> bytes:
        """What git prints. ``may_find_nothing``: exit code 1 means that, as of ``git grep``. Raises ``BenchError``."""
        command = ["git", "-C", str(self.checkout), *_SAFE, *args]
        # GIT_DIR and its kin, which a hook sets, would lead to another repository.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=timeout, env=environment)
        except FileNotFoundError:
            raise BenchError("git is not installed here: install it to read the product's sources.") from None
        except subprocess.TimeoutExpired:
            raise BenchError(
                f"git {args[0]} took more than {timeout:g} s in the product's sources: try it by hand."
            ) from None
        if done.returncode and not (may_find_nothing and done.returncode == 1):
            words = " ".join(done.stderr.decode("utf-8", "replace").split())[:300]
            raise BenchError(f"git {args[0]} failed in the product's sources ({words}): repair the checkout.")
        return done.stdout

    def text(self, *args: str, timeout: float = TIMEOUT_S, may_find_nothing: bool = False) -> str:
        """The same as text."""
        return self.run(*args, timeout=timeout, may_find_nothing=may_find_nothing).decode("utf-8", "replace")

    def commit(self, ref: str) -> str:
        """The 40 digits of the commit that a branch, tag or commit means. Raises ``BenchError``."""
        if not _REF.fullmatch(ref) or ".." in ref:
            raise BenchError(f"'{ref[:_SHOWN]}' cannot be a branch, tag or commit of the product: correct it.")
        for name in (ref, f"refs/remotes/origin/{ref}"):
            found = self.text(
                "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", may_find_nothing=True
            )
            if found.strip():
                return found.strip()
        raise BenchError(f"The product's sources have no branch, tag or commit '{ref}': fetch them, or correct it.")


def checked_path(path: str) -> str:
    """A path inside the repository, with slashes. Raises ``BenchError`` for one that leads out or means more."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    odd = path.startswith(("/", "\\", ":", "-", "~")) or re.match(r"[A-Za-z]:", path)
    if not parts or odd or ".." in parts or "\0" in path or parts[0] == ".git":
        raise BenchError(
            f"'{path[:_SHOWN]}' is no path inside the product's sources: give one from their root, as src/main.py."
        )
    return "/".join(parts)
