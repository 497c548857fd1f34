"""The last check of a run: no workload of the site was restarted meanwhile, unless a fault of the tests explains it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.base.threads import Threads
from focus_core.run.restarts import Restarts
from focus_core.site import loader as site_loader
from focus_core.site.locks import SiteLock
from focus_core.site.model import Site

from pipeline import console

# Another run may have the site for itself at our end, and then what is restarted is its doing.
PATIENCE_S = 60.0


class LastCheck:
    """Notes the restart counts of the site's pods when it is made, while the lanes start; a site without a cluster has
    none."""

    def __init__(self, site_file: Path, run: str) -> None:
        self._site = site_loader.read(str(site_file))
        self._run = run
        self._begun: Future[Restarts | None] = Threads(1).submit(self._begin)

    def restarted(self) -> list[str]:
        """A line for each pod that was restarted and that no fault explains. A cluster that cannot be asked is named on
        the screen: whether it has to be there is a question of the tests."""
        try:
            restarts = self._begun.result()
            if restarts is None or not isinstance(self._site, Site):
                return []
            lock = SiteLock(self._site)
            lock.acquire(exclusive=False, patience=PATIENCE_S)
            try:
                return restarts.unexplained()
            finally:
                lock.release()
                restarts.forget()
        except BenchError as problem:
            console.say(f"Whether workloads were restarted is not known: {problem}")
            return []

    def _begin(self) -> Restarts | None:
        if not isinstance(self._site, Site) or "kubernetes" not in self._site.capabilities:
            return None
        # The Kubernetes client is slow to import.
        from focus_core.cluster.client import ClusterClient

        restarts = Restarts(self._site, ClusterClient.of_site(self._site), self._run)
        restarts.begin()
        return restarts


def sentence(restarted: Sequence[str]) -> str:
    """What failed, for the screen and the summary."""
    return (
        "The last check failed: pods of the site were restarted during the run, and no fault of the tests explains it: "
        f"{'; '.join(restarted)}; look at what they logged before (kubectl logs --previous)."
    )
