"""What a report shows about itself: site, version, commit, run id, and SIMULATED where it was no real site."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
from dataclasses import dataclass

from pipeline.paths import ROOT

SIMULATED = "SIMULATED"
DRY_RUN = "DRY RUN, no test ran"
# A hook of git that starts run.py names its own repository in these.
OTHER_REPOSITORY = {
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"),
}


@dataclass(frozen=True)
class Stamp:
    run_id: str
    command: str
    site: str
    simulated: bool
    version: str
    commit: str
    dry_run: bool = False

    @property
    def title(self) -> str:
        """The title of report and log."""
        marks = [SIMULATED] * self.simulated + [DRY_RUN] * self.dry_run
        return " - ".join([f"Focus {self.command} on {self.site}", *marks])

    def robot_options(self) -> list[str]:
        """Titles and metadata for Robot, as command line options."""
        facts = {"Site": self.site, "Version": self.version, "Commit": self.commit, "Run": self.run_id}
        if self.simulated:
            facts["Simulated"] = f"{SIMULATED}: no real site took part in this run"
        if self.dry_run:
            facts["Dry run"] = "keywords and arguments were looked up; no test ran and no site was asked"
        options = ["--reporttitle", self.title, "--logtitle", f"{self.title} - log"]
        for name, value in facts.items():
            options += ["--metadata", f"{name}:{value}"]
        return options


def make(run_id: str, command: str, site: str, simulated: bool, dry_run: bool = False) -> Stamp:
    version = git("describe", "--tags", "--dirty") or importlib.metadata.version("focus-acceptance")
    commit = git("rev-parse", "--short=12", "HEAD") or "unknown (no git, or not a git checkout)"
    return Stamp(run_id, command, site, simulated, version, commit, dry_run)


def git(*args: str) -> str:
    """What git prints of this checkout, or nothing where there is no git or no repository."""
    # git refuses a checkout of another owner unless it is named safe; what runs it here is this checkout's own code.
    command = ["git", "-c", f"safe.directory={ROOT.as_posix()}", *args]
    environment = {name: value for name, value in os.environ.items() if name not in OTHER_REPOSITORY}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
