"""Where stands what outlives a run or is shared by runs: undo records, jobs that are owned, locks, verdicts.

A simulated site has a folder of its own. Every other site has one in the user's folder for state, which no run removes
and which is the same for every way of starting: run.py, robot, pabot.
"""

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from focus_core.base.errors import BenchError
from focus_core.site.model import Site

_REPAIR = "set XDG_STATE_HOME (on Windows LOCALAPPDATA) to a folder of this user that outlives a run"


def state_dir(site: Site) -> Path:
    """The folder of a site, made when it is not there. Raises ``BenchError`` when it cannot be written."""
    path = site.state_dir or user_folder() / _identity(site)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BenchError(
            f"The state of site {site.name} cannot be kept in {path} ({error.strerror or error}); {_REPAIR}."
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise BenchError(f"The state of site {site.name} cannot be kept in {path} (no right to write); {_REPAIR}.")
    return path


def touch_used(site: Site) -> None:
    """Marks a simulated site as in use; it stops some minutes after its last user."""
    if site.simulated:
        (state_dir(site) / "used").touch()


def user_folder() -> Path:
    """The project's folder among this user's state, whichever site; it may not be there yet."""
    return _home() / "focus-acceptance"


def _home() -> Path:
    """The user's folder for state, as the XDG base directory specification and Windows have it."""
    chosen = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME", "")
    # The specification wants a relative path to be ignored: it would be another folder for each working directory.
    if Path(chosen).is_absolute():
        return Path(chosen)
    try:
        return Path.home() / (r"AppData\Local" if os.name == "nt" else ".local/state")
    except RuntimeError:
        raise BenchError(f"This user has no home folder to keep the state of a site in; {_REPAIR}.") from None


def _identity(site: Site) -> str:
    """The same for every file of one site, and for no other site: its name and the address of its server."""
    address = urlsplit(site.focus.url)
    digest = hashlib.sha256(f"{site.name}\n{address.scheme}://{address.netloc.lower()}{address.path}".encode())
    return f"{re.sub(r'[^A-Za-z0-9_.-]+', '_', site.name)[:40]}-{digest.hexdigest()[:12]}"
