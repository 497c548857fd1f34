"""Runs the workflows on this machine as GitHub would: act without Docker, with stand-ins for GitHub's own actions.

A job has a folder of its own, with a copy of the checkout. What act does otherwise: a job for Windows gets Linux's
shell, `strategy.job-index` is empty, and its dry run executes the steps nevertheless.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from support.checkout import ROOT, base_python, clean_environment

ACTIONS = ROOT / "tests" / "support" / "actions"
BIN = Path(sys.executable).parent
USES = re.compile(r"uses: (actions/[\w-]+)(?:/\w+)?@([0-9a-f]{40})")
# How this machine reaches its packages, and the way to fetched programs.
PASSED_ON = re.compile(r"PATH|HOME|LANG|FOCUS_SIMULATOR_HOME|(?:PIP|UV|SSL|REQUESTS|CURL)_\w+|\w+_proxy", re.IGNORECASE)


@dataclass(frozen=True)
class Ended:
    """`jobs` are the jobs' names with what became of each: True for a success."""

    code: int
    out: str

    @property
    def jobs(self) -> dict[str, bool]:
        found = re.findall(r"^\[(?:.*/)?(.*?) *\].*Job (succeeded|failed)$", self.out, re.MULTILINE)
        return {name: result == "succeeded" for name, result in found}


@dataclass(frozen=True)
class Runner:
    """`checkout` is a git repository; `folder` is the jobs' own, with what they hand over in `artifacts`."""

    checkout: Path
    folder: Path

    @property
    def artifacts(self) -> Path:
        return self.folder / "artifacts"

    def dispatch(self, workflow: str, inputs: Mapping[str, str], timeout: float) -> Ended:
        """Start a workflow by its form."""
        form = [word for name, value in inputs.items() for word in ("--input", f"{name}={value}")]
        return self._start("workflow_dispatch", workflow, form, timeout)

    def happen(self, event: str, payload: Mapping[str, object], workflow: str, timeout: float, job: str = "") -> Ended:
        """Start a workflow by an event that GitHub reports, or one job of it with those that it needs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "event.json"
        path.write_text(json.dumps(payload), encoding="utf-8")
        return self._start(event, workflow, ["--eventpath", str(path), *(["--job", job] if job else [])], timeout)

    def _start(self, event: str, workflow: str, options: list[str], timeout: float) -> Ended:
        self.artifacts.mkdir(parents=True)
        command = [str(BIN / "act"), event, "-W", f".github/workflows/{workflow}", *options]
        command += ["-P", "ubuntu-24.04=-self-hosted", "--action-offline-mode", "--env-file", str(self._environment())]
        command += [word for one in self._stand_ins() for word in ("--local-repository", one)]
        own = {"HOME": str(self.folder), "XDG_CACHE_HOME": str(self.folder / "c"), "XDG_CONFIG_HOME": str(self.folder)}
        process = subprocess.Popen(
            command,
            cwd=self.checkout,
            env=clean_environment() | own,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        try:
            out, _ = process.communicate(timeout=timeout)
        finally:
            _end(process)
        return Ended(process.returncode, out)

    def _environment(self) -> Path:
        """What the jobs get: of our variables only those that a fresh environment needs."""
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "python").symlink_to(base_python())
        (programs / "uv").symlink_to(BIN / "uv")
        found = {name: value for name, value in clean_environment().items() if PASSED_ON.fullmatch(name)}
        found |= {"PATH": f"{programs}{os.pathsep}{found['PATH']}", "ARTIFACTS": str(self.artifacts)}
        path = self.folder / "env"
        path.write_text("".join(f"{name}={value}\n" for name, value in found.items()), encoding="utf-8")
        path.chmod(0o600)
        return path

    def _stand_ins(self) -> list[str]:
        texts = [path.read_text(encoding="utf-8") for path in (self.checkout / ".github" / "workflows").glob("*.yml")]
        used = {found for text in texts for found in USES.findall(text)}
        return [f"{name}@{commit}={ACTIONS / name.partition('/')[2]}" for name, commit in sorted(used)]


def _end(process: subprocess.Popen[str]) -> None:
    """act that is killed leaves what its steps started: they get Ctrl-C, as from a runner that cancels a job."""
    if process.poll() is not None:
        return
    family = psutil.Process(process.pid).children(recursive=True)
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.send_signal(signal.SIGINT)
    _, alive = psutil.wait_procs(family, timeout=40)
    for member in alive:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    process.kill()
    process.communicate()
