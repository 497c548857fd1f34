"""A bundle's test, played back, and whether it ended as it did on the site."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from focus_core.run.bundle import SECRET_VARIABLE
from focus_core.site.secrets import BLANK

from pipeline.errors import RunError
from pipeline.paths import LIBRARIES, PYTHON, RESULTS, ROOT
from pipeline.replay.bundles import Bundle
from pipeline.results import clusters, reading
from pipeline.results.model import TestResult

FOLDER = RESULTS / "replay"
# Nobody waits for a site; a test that waits for a state which never comes takes its own time.
TIMEOUT_S = 1800.0
# Variables that lead somewhere else than the bundle.
_ELSEWHERE = ("FOCUS_SITE", "FOCUS_STOP_MARKER", "FOCUS_RUN_ID", "PABOTEXECUTIONPOOLID")


@dataclass(frozen=True)
class Replay:
    """How the test ended now; `log` is Robot's."""

    bundle: Bundle
    result: TestResult
    log: Path

    @property
    def same(self) -> bool:
        """Whether the message is the recorded one, but for ids, times and numbers that no two runs share."""
        return comparable(self.result.message) == comparable(self.bundle.message)


def comparable(message: str) -> str:
    """A message without what differs from run to run, line by line."""
    return "\n".join(clusters.normalised(line.strip()) for line in message.splitlines() if line.strip())


def play(bundle: Bundle, folder: Path = FOLDER) -> Replay:
    """Run the bundle's test from this checkout against the bundle. Raises RunError where it cannot be run."""
    suite = ROOT / bundle.source
    if not suite.is_relative_to(ROOT) or ".." in Path(bundle.source).parts or not suite.is_file():
        raise RunError(f"This checkout has no suite {bundle.source}: use the one whose run wrote {bundle.path.name}.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder.with_name(f".{folder.name}.lock"), timeout=0):
            return _played(bundle, suite, folder)
    except Timeout:
        raise RunError(f"Another replay writes into {folder}: wait for its end, then start this one again.") from None


def _played(bundle: Bundle, suite: Path, folder: Path) -> Replay:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    own = {
        "FOCUS_RUN_ID": bundle.content["run_id"],
        "PABOTEXECUTIONPOOLID": str(bundle.content["lane"]),
        SECRET_VARIABLE: BLANK,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(LIBRARIES)]),
    }
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE} | own
    try:
        done = subprocess.run(
            [PYTHON, "-m", "pipeline.replay.session", str(bundle.path), str(suite), str(folder)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RunError(f"The replay of {bundle.path} did not end within {TIMEOUT_S / 60:g} minutes.") from None
    found = reading.read_run([folder / "output.xml"]) if (folder / "output.xml").exists() else None
    if found is None or not found.tests:
        lines = done.stderr.strip().splitlines() or [f"robot ended with {done.returncode}"]
        raise RunError(f"The replay of {bundle.path.name} ran no test: {lines[-1]}")
    return Replay(bundle, found.tests[0], folder / "log.html")


def recorded_at(bundle: Bundle) -> str:
    return f"{datetime.fromisoformat(bundle.content['started']):%Y-%m-%d %H:%M}"
