"""A failed critical test ends a run's shards on other machines too: a site that is held by a Lease carries the stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.base.run_identity import run_id
from focus_core.run.reservation import Leases
from focus_core.site.model import Site

LOOK_S = 5.0


@contextmanager
def shared(site: Site, marker: Path, attempt: int) -> Iterator[None]:
    """Within the block the marker of this machine and the Lease of the site follow each other."""
    stopping = _Stopping(site, marker, attempt)
    ended = threading.Event()

    def follow() -> None:
        while not stopping.look() and not ended.wait(LOOK_S):
            pass

    thread = threading.Thread(target=follow, name="stop of the shards", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        # What failed since the last look.
        stopping.look()


class _Stopping:
    def __init__(self, site: Site, marker: Path, attempt: int) -> None:
        self._leases = Leases.of_site(site)
        self._marker = marker
        self._attempt = attempt
        self._known = False

    def look(self) -> bool:
        """Whether the stop is known on both sides. A cluster that does not answer now is asked at the next look."""
        with suppress(BenchError):
            if not self._known:
                self._known = self._to_lease() or self._from_lease()
        return self._known

    def _to_lease(self) -> bool:
        text = self._marker.read_text(encoding="utf-8").strip() if self._marker.exists() else ""
        if text:
            self._leases.stop(self._attempt, text)
        return bool(text)

    def _from_lease(self) -> bool:
        hold = self._leases.read()
        text = hold.stops.get(str(self._attempt), "") if hold and hold.run == run_id() else ""
        if text:
            self._marker.write_text(text, encoding="utf-8")
        return bool(text)
