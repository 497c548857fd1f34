"""Opens the site that a suite runs against."""

import os
import time
from contextlib import suppress
from threading import Timer

from focus_core.base import cleanup
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.run_identity import run_id
from focus_core.disruption import approval, recovery, rules
from focus_core.disruption import journal as faults
from focus_core.load import policy
from focus_core.logs import journal
from focus_core.run import clients, probes, report, sweep
from focus_core.run.listener import FocusListener
from focus_core.run.restarts import Restarts
from focus_core.site import data as site_data
from focus_core.site import state
from focus_core.site.locks import SiteLock
from focus_core.site.model import Interface, Site
from focus_core.ui import browser_files
from robot.api import SkipExecution, logger
from robot.api.deco import keyword
from robot.libraries.BuiltIn import BuiltIn

# Whoever watches reads what takes longer.
_SILENCE_S = 2.0


class SiteOpening:
    """The keywords of a suite's setup and teardown."""

    def __init__(self, listener: FocusListener) -> None:
        self._listener = listener
        self._lock: SiteLock | None = None
        # Every site that this run opened, by name: whether it is simulated.
        self._opened: dict[str, bool] = {}
        # The restarts of the site's workloads, while they are watched.
        self._watched: Restarts | None = None
        # What the reservation of the site says that runs.
        self._announced = ""

    @keyword(tags=("Site",))
    def open_site(self, *interfaces: Interface) -> None:
        """Makes the site ready for this suite; the suite setup of every suite.

        ``interfaces`` are those that the suite's tests need: rest, webapp, mongodb, rabbitmq, kubernetes, grpc, ssh,
        ui, product_sources. The suite is skipped when the site lacks one by design, or this machine a browser for ui,
        and fails when one should be there and is dead. The suite waits for its turn when an exclusive suite uses the
        site; a suite with tests tagged ``exclusive`` waits until it is alone. A site whose file says ``reserve: lease``
        is taken for this machine until the run ends; its lease says so while a suite tagged ``load`` runs. That one is
        skipped where the site's policy forbids the load, and one tagged ``soak`` unless it was asked for.

        | Open Site    rest    mongodb
        """
        run_id()  # one that cannot name files is refused before anything is written
        site = self._load()
        self._stamp(site)
        missing = [interface for interface in interfaces if interface not in site.capabilities]
        if missing:
            raise SkipExecution(f"Site {site.name} has no {' and no '.join(missing)} by design.")
        if "ui" in interfaces and browser_files.find() is None:
            raise SkipExecution(browser_files.HOW_TO_GET)
        self._skip_where_disruption_is_forbidden(site)
        self._skip_where_load_is_forbidden(site)
        self._reserve(site)
        self._take_lock(site)
        try:
            recovered = self._recover(site)
            for interface in interfaces:
                self.site_should_be_reachable(interface)
            if "kubernetes" in interfaces:
                self._watch_restarts(site, recovered)
            elif recovered and "kubernetes" in site.capabilities:
                with suppress(BenchError):  # the suite itself does without the cluster
                    self._watch_restarts(site, recovered)
        except BenchError:
            self.close_site()
            raise
        self._sweep(site)

    @keyword(tags=("Site",))
    def close_site(self) -> None:
        """Gives the site back to other suites; the suite teardown of every suite.

        What the suite itself created is removed first, while the site is still held. Fails for one reason only: the
        suite needs the cluster, and a workload of the site was restarted since the run began, which no fault of the
        tests' own explains.

        | Close Site
        """
        for error in cleanup.current().run():
            logger.warn(error)
        restarted = self._restarted()
        self._announce("")
        if self._lock:
            self._lock.release()
            self._lock = None
        self._listener.site = None
        fail_with("Workloads of the site were restarted, and no fault of the tests explains it", restarted)

    @keyword(tags=("Site",))
    def site_should_be_reachable(self, interface: Interface, *, fresh: bool = False) -> None:
        """Fails with one sentence when ``interface`` of the site is dead.

        A dead interface is remembered for 30 s, unless ``fresh`` is true.

        | Site Should Be Reachable    rabbitmq
        """
        verdict = probes.require_alive(site_data.site(), interface, fresh=fresh)
        logger.info(f"{interface} answered in {verdict.seconds:.3f} s.")

    def _load(self) -> Site:
        begun = time.monotonic()
        patience = Timer(_SILENCE_S, logger.console, args=("\nThe site is being started ...",))
        patience.daemon = True
        patience.start()
        try:
            site = site_data.open_site()
        finally:
            patience.cancel()
        self._listener.site = site
        # The monitor needs what most suites do without, so that it is imported where it was asked for.
        if os.environ.get(journal.MODE_VARIABLE):
            from focus_core.logs import process

            process.begin_in_lane(site, site_data.site_name(), report.output_folder())
        logger.info(f"Site {site.name} was loaded in {time.monotonic() - begun:.1f} s: {site.description}")
        return site

    def _reserve(self, site: Site) -> None:
        if site.reserve:
            # The Kubernetes client is slow to import.
            from focus_core.run import reservation

            reservation.reserve(site)
            if any("load" in test.tags for test in self._listener.tests):
                self._announce("a load")

    def _announce(self, activity: str) -> None:
        site = self._listener.site
        if site is None or not site.reserve or activity == self._announced:
            return
        from focus_core.run import reservation

        self._announced = activity
        try:
            reservation.Leases.of_site(site).announce(activity)
        except BenchError as problem:
            logger.warn(f"The reservation of site {site.name} does not show what runs: {problem}")

    def _take_lock(self, site: Site) -> None:
        exclusive = any("exclusive" in test.tags for test in self._listener.tests)
        self._lock = SiteLock(site)
        self._lock.acquire(exclusive=exclusive)
        state.touch_used(site)

    def _watch_restarts(self, site: Site, recovered: bool) -> None:
        self._watched = Restarts(site, clients.cluster(), run_id())
        self._watched.begin()
        if recovered:
            self._watched.after_a_fault()
        elif self._disruptive:
            self._watched.before_a_fault()

    def _restarted(self) -> list[str]:
        """What was restarted while nobody took pods away; what a suite restarts that does is explained."""
        watched, self._watched = self._watched, None
        try:
            if self._disruptive:
                watched = watched or self._restarts_of_faults()
                if watched:
                    watched.after_a_fault()
                return []
            return watched.risen() if watched else []
        except BenchError as problem:
            logger.warn(f"Nobody can say what was restarted: {problem}")
            return []

    def _skip_where_disruption_is_forbidden(self, site: Site) -> None:
        tests = self._listener.tests
        reason = rules.why_forbidden(site)
        if reason and tests and all("disruptive" in test.tags for test in tests):
            raise SkipExecution(reason)

    def _skip_where_load_is_forbidden(self, site: Site) -> None:
        """Skips a suite all of whose tests are forbidden or not asked for; a single test is skipped where it begins."""
        included = BuiltIn().get_variable_value("${OPTIONS.include}") or []
        reasons = [
            policy.why_not_chosen(test.tags, included) or policy.why_forbidden(site, test.tags)
            for test in self._listener.tests
        ]
        if reasons and all(reasons):
            raise SkipExecution(reasons[0])

    def _restarts_of_faults(self) -> Restarts | None:
        """The restarts where a fault was made by a suite that did not ask for the cluster."""
        site = self._listener.site
        made = site and "kubernetes" in site.capabilities and (report.output_folder() / faults.FILE_NAME).exists()
        return Restarts(site, clients.cluster(), run_id()) if site and made else None

    @property
    def _disruptive(self) -> bool:
        return any("disruptive" in test.tags for test in self._listener.tests)

    def _recover(self, site: Site) -> bool:
        """Undoes the faults of runs that were killed; returns whether there were any."""
        undone = recovery.recover(site)
        for sentence in undone:
            logger.warn(sentence)
        return bool(undone)

    def _sweep(self, site: Site) -> None:
        """Removes what killed runs left, where the site can be asked at all."""
        if "rest" in site.capabilities and sweep.something_left(site) and not probes.check(site, "rest").trouble:
            for sentence in sweep.sweep(site):
                logger.warn(sentence)

    def _stamp(self, site: Site) -> None:
        """Names the site in the result of the suite, and every site of the run in that of the run."""
        self._opened[site.name] = site.simulated
        simulated = [name for name, is_simulated in self._opened.items() if is_simulated]
        BuiltIn().set_suite_metadata("Site", site.name)
        BuiltIn().set_suite_metadata("Site", ", ".join(self._opened), top=True)
        if approved := approval.record(site):
            BuiltIn().set_suite_metadata("Disruption approved", approved, top=True)
        if simulated:
            BuiltIn().set_suite_metadata(
                "SIMULATED",
                f"yes: what this run found on {', '.join(simulated)} says nothing about a real site",
                top=True,
            )
