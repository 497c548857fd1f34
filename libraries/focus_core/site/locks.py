"""Suites share a site: most read (any number together), an exclusive one writes (alone)."""

import logging

from filelock import ReadWriteLock, Timeout

from focus_core.base.errors import BenchError
from focus_core.site import state
from focus_core.site.model import Site

# An exclusive suite waits for the running suites of all lanes, and they for it.
PATIENCE_S = 1800.0

# It logs every step of every lock, which Robot would put into the log.
logging.getLogger("filelock").setLevel(logging.WARNING)


class SiteLock:
    """This suite's hold on the site. Free at once when the process dies."""

    def __init__(self, site: Site) -> None:
        path = site.lock_file or state.state_dir(site) / "users.lock"
        self._lock = ReadWriteLock(path, is_singleton=False)

    def acquire(self, *, exclusive: bool, patience: float = PATIENCE_S) -> None:
        """Waits for the lock at most ``patience`` seconds. Raises ``BenchError`` saying who can be in the way."""
        take = self._lock.acquire_write if exclusive else self._lock.acquire_read
        try:
            take(timeout=patience)
        except Timeout:
            others = "other suites" if exclusive else "an exclusive suite"
            raise BenchError(
                f"The site was held by {others} for more than {patience:g} s; wait for that run or end it."
            ) from None

    def release(self) -> None:
        """Gives the site back; releasing twice does nothing."""
        self._lock.release(force=True)
        self._lock.close()
