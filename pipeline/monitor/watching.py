"""Starts the pod monitor beside a run and ends it after the last test."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.logs import accounts, journal, process
from focus_core.site import loader
from focus_core.site.model import Site

from pipeline import console
from pipeline.errors import RunError

DEFAULT = "on"


def mode(chosen: str) -> str:
    """What `--monitor` says, else FOCUS_MONITOR, else on. Raises RunError for what is none."""
    try:
        return process.mode(chosen) or DEFAULT
    except BenchError as error:
        raise RunError(str(error)) from None


class Watched:
    """The monitor of a run, or none: ``environment`` tells the lanes of it."""

    def __init__(self, environment: Mapping[str, str], monitor: process.Monitor | None = None) -> None:
        self.environment = environment
        self._monitor = monitor

    def end(self) -> None:
        """Lets it take its last look and write its files, while the run is closed."""
        if self._monitor:
            self._monitor.end()

    def wait(self) -> None:
        """Returns when its files are there."""
        monitor, self._monitor = self._monitor, None
        if not monitor:
            return
        with _undisturbed():
            try:
                monitor.stop()
            except OSError as error:
                console.complain(f"What the pods logged could not be sorted by test ({error}); see {monitor.folder}.")


@contextmanager
def watched(mode: str, site_file: Path, folder: Path, run: str) -> Iterator[Watched]:
    """The monitor of a run in `folder`, which has ended afterwards; one that cannot work costs no test.

    A site without Kubernetes has no pods to watch.
    """
    one = _started(mode, site_file, folder, run)
    try:
        yield one
    finally:
        one.wait()


def _started(mode: str, site_file: Path, folder: Path, run: str) -> Watched:
    # What a caller's own environment says must not start one in the lanes.
    none = Watched({journal.MODE_VARIABLE: "off"})
    site = loader.read(str(site_file))
    if mode == "off" or not isinstance(site, Site) or "kubernetes" not in site.capabilities:
        return none
    place = folder / process.FOLDER
    try:
        monitor = process.Monitor(place, str(site_file), run)
    except OSError as error:
        console.complain(f"The pod monitor does not start ({error}); the tests run without it.")
        return none
    return Watched({journal.MODE_VARIABLE: mode, journal.FOLDER_VARIABLE: str(place)}, monitor)


def summary_of(folder: Path) -> Mapping[str, object] | None:
    """What the monitor of the run in `folder` found; None where none was asked for."""
    place = folder / process.FOLDER
    return accounts.read(place) if (place / "monitor.log").exists() else None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """The last look takes seconds: a second Ctrl-C in it would leave a monitor behind that ends by itself."""
    if os.name == "nt":
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
