"""Publishes the run in a folder, and stops itself at the Nth step: `xray_publisher.py FOLDER FAKE_URL N`.

A step is everything that leaves a trace: a request, or a change on the disk; it is stopped before and after each.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests


class Steps:
    """Counts steps, and calls `stop` at the one that is wanted; 0 is none."""

    def __init__(self, wanted: int, stop: Callable[[], None]) -> None:
        self.count = 0
        self._wanted = wanted
        self._stop = stop

    def step(self) -> None:
        self.count += 1
        if self.count == self._wanted:
            self._stop()

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*args: Any, **options: Any) -> Any:
            self.step()
            result = function(*args, **options)
            self.step()
            return result

        return stepped


# Where a step is taken: the functions through which everything goes that leaves a trace.
PLACES = ((os, "replace"), (requests.Session, "request"), (Path, "unlink"), (shutil, "rmtree"))


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    from pipeline.results import run_json
    from pipeline.xray import publishing

    folder, url, wanted = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

    def sleep(seconds: float) -> None:
        requests.get(f"{url}/advance/{seconds}", timeout=10)

    run = run_json.read(folder / run_json.NAME)
    steps = Steps(wanted, kill)
    for place, name in PLACES:
        setattr(place, name, steps.around(getattr(place, name)))
    publishing.publish(publishing.Source(run, run.stamp.run_id, [folder], folder), sleep=sleep)


if __name__ == "__main__":
    main()
