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


@contextmanager
def watched(mode: str, site_file: Path, folder: Path, run: str) -> Iterator[Mapping[str, str]]:
    """The environment of the lanes of a run in `folder`; a monitor that cannot work costs no test.

    A site without Kubernetes has no pods to watch.
    """
    site = loader.read(str(site_file))
    if mode == "off" or not isinstance(site, Site) or "kubernetes" not in site.capabilities:
        # What a caller's own environment says must not start one in the lanes.
        yield {journal.MODE_VARIABLE: "off"}
        return
    place = folder / process.FOLDER
    try:
        monitor = process.Monitor(place, str(site_file), run)
    except OSError as error:
        console.complain(f"The pod monitor does not start ({error}); the tests run without it.")
        yield {journal.MODE_VARIABLE: "off"}
        return
    try:
        monitor.wait_for_first_look()
        yield {journal.MODE_VARIABLE: mode, journal.FOLDER_VARIABLE: str(place)}
    finally:
        with _undisturbed():
            try:
                monitor.stop()
            except OSError as error:
                console.complain(f"What the pods logged could not be sorted by test ({error}); see {place}.")


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
