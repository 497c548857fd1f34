"""What a report shows about itself: site, version, commit, run id, and SIMULATED where it was no real site."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.paths import ROOT
from pipeline.results import catalogue

SIMULATED = "SIMULATED"
DRY_RUN = "DRY RUN, no test ran"
# A hook of git that starts run.py names its own repository in these.
OTHER_REPOSITORY = {
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"),
}


# Where a CI job names the branch: its checkout is often of a commit alone.
BRANCH_VARIABLES = ("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "BRANCH_NAME")
# Where an image names the commit that it was built of: it has no git.
COMMIT = "FOCUS_COMMIT"
_UNKNOWN = "unknown (no git, or not a git checkout)"
_FACTS = {"run_id": "Run", "command": "Command", "site": "Site", "version": "Version", "commit": "Commit"}
_BRANCH, _SIMULATED, _DRY_RUN, _CHANGES = "Branch", "Simulated", "Dry run", "Local changes"
PRODUCT_IMAGE = "Product image"
APPROVAL = "Disruption approved"


@dataclass(frozen=True)
class Stamp:
    """What names a run. `local_changes`: the checkout was not as the commit has it.

    `product_image` is the tag of the image that the product's pipeline asked about, where it did. `approval`: who
    allowed its faults, from when to when and why, where the site allows them by approval only.
    """

    run_id: str
    command: str
    site: str
    simulated: bool
    version: str
    commit: str
    dry_run: bool = False
    branch: str = ""
    local_changes: bool = False
    product_image: str = ""
    approval: str = ""

    @property
    def title(self) -> str:
        """The title of report and log; without the site where no result names one."""
        marks = [SIMULATED] * self.simulated + [DRY_RUN] * self.dry_run
        parts = (catalogue.product().name, self.command, f"on {self.site}" if self.site else "")
        return " - ".join([" ".join(filter(None, parts)), *marks])

    def robot_options(self) -> list[str]:
        """Titles and metadata for Robot, as command line options."""
        facts = {name: getattr(self, field) for field, name in _FACTS.items()}
        if self.branch:
            facts[_BRANCH] = self.branch
        if self.product_image:
            facts[PRODUCT_IMAGE] = self.product_image
        if self.approval:
            facts[APPROVAL] = self.approval
        if self.local_changes:
            facts[_CHANGES] = "the checkout was not as the commit has it"
        if self.simulated:
            facts[_SIMULATED] = f"{SIMULATED}: no real site took part in this run"
        if self.dry_run:
            facts[_DRY_RUN] = "keywords and arguments were looked up; no test ran and no site was asked"
        options = ["--reporttitle", self.title, "--logtitle", f"{self.title} - log"]
        for name, value in facts.items():
            options += ["--metadata", f"{name}:{value}"]
        return options


def make(run_id: str, command: str, site: str, simulated: bool, dry_run: bool = False) -> Stamp:
    version = git("describe", "--tags", "--dirty") or catalogue.product().version
    commit = git("rev-parse", "--short=12", "HEAD") or os.environ.get(COMMIT) or _UNKNOWN
    changes = bool(git("status", "--porcelain", "--untracked-files=no"))
    return Stamp(run_id, command, site, simulated, version, commit, dry_run, branch(), changes)


def of_metadata(metadata: Mapping[str, str]) -> Stamp:
    """The stamp that `robot_options` put into a result; what is not there is empty."""
    facts = {field: metadata.get(name, "") for field, name in _FACTS.items()}
    marks = {"simulated": _SIMULATED, "dry_run": _DRY_RUN, "local_changes": _CHANGES}
    flags = {field: name in metadata for field, name in marks.items()}
    names = {"branch": _BRANCH, "product_image": PRODUCT_IMAGE, "approval": APPROVAL}
    texts = {field: metadata.get(name, "") for field, name in names.items()}
    return Stamp(**facts, **flags, **texts)  # type: ignore[arg-type]


def branch() -> str:
    """The branch of this checkout, or nothing where neither the CI job nor git names one."""
    named = next(filter(None, map(os.environ.get, BRANCH_VARIABLES)), "")
    return named or git("branch", "--show-current")


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
