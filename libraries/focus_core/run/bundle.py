"""The bundle of a failed test: every call to the site with its answer, and what it needs to be played back elsewhere.

A zip file with `bundle.json`; nothing in it is secret. `python run.py replay` plays it back, `run.py bug` reports it.
"""

from __future__ import annotations

import json
import os
import platform
import time
import zipfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from focus_core.base import run_identity, tape
from focus_core.run import evidence
from focus_core.run.evidence import PodLog
from focus_core.site import secrets
from focus_core.site.model import Absent, Part, SecretRef, Site

FOLDER = "bundles"
MEMBER = "bundle.json"
FORMAT = 1
# A lane whose tests all fail, because the site is gone, shows with its first ones what there is to see.
MOST_BUNDLES = 50
# The variable of the environment that all secrets come from when a bundle is played back.
SECRET_VARIABLE = "FOCUS_REPLAY_SECRET"  # noqa: S105 - its name
_OF_THIS_MACHINE = {"state_dir", "lock_file", "settings_file", "ca_file", "kubeconfig"}

_written = 0


def write(result: Any, site: Site, logs: list[PodLog], folder: Path) -> Path | None:
    """Writes the bundle of the test that has just failed into ``folder``; None where there are enough of them.

    ``result`` is Robot's. Raises ``OSError`` where it cannot be written.
    """
    global _written
    if _written >= MOST_BUNDLES:
        return None
    _written += 1
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / Path(evidence.file_name(result.full_name, result.start_time)).with_suffix(".zip").name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(MEMBER, json.dumps(content(result, site, logs), ensure_ascii=False))
    return path


def content(result: Any, site: Site, logs: list[PodLog]) -> dict[str, Any]:
    """The bundle as data without secrets. ``source`` begins at ``suites``, ``started`` is local time with its zone."""
    recorder = tape.record()
    during = recorder.during()
    started: datetime = result.start_time
    return {
        "format": FORMAT,
        "test": result.name,
        "long_name": result.full_name,
        "source": _below_suites(result.source),
        "message": secrets.redacted(result.message),
        "started": started.astimezone().isoformat(),
        "ended": time.time(),
        "run_id": run_identity.run_id(),
        "lane": run_identity.lane(),
        "python": platform.python_version(),
        "site": site.name,
        "site_file": yaml.safe_dump(secrets.redacted(_plain(site)), sort_keys=False, allow_unicode=True),
        "pods": secrets.redacted([asdict(log) for log in logs]),
        "missing": during.missing,
        "before": [secrets.redacted(call.data()) for call in recorder.before()],
        "during": [secrets.redacted(call.data()) for call in during.calls],
    }


def _below_suites(source: Path | str | None) -> str:
    parts = Path(source or "").parts
    below = parts[len(parts) - 1 - parts[::-1].index("suites") :] if "suites" in parts else parts[-1:]
    return "/".join(below)


def _plain(value: Any, key: str = "") -> Any:
    """A part of a site as its file has it, without paths of this machine; secrets come from one variable."""
    if isinstance(value, SecretRef):
        return {"env": SECRET_VARIABLE}
    if isinstance(value, Part):
        return {name: _plain(content, name) for name, content in vars(value).items() if not isinstance(content, Absent)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if key in _OF_THIS_MACHINE:
        return None
    return os.fspath(value) if isinstance(value, Path) else value
