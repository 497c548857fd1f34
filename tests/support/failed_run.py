"""A real run of a suite of this project against a server of a few lines, in which tests fail and leave bundles."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from focus_core.site import loader
from support.checkout import ROOT
from support.loopback import Answer, http_server

SUITE = "suites/api/headers.robot"
TEST = "Scripts In Headers Neither Work Nor Come Back"
SECRET = "very-secret-token-of-a-user"
STAGING: dict[str, Any] = yaml.safe_load((loader.SITES / "staging.yaml").read_text(encoding="utf-8"))


def make(folder: Path) -> Path:
    """The folder of a run whose server names no channels, and shows a password in the answer that is wrong."""
    wrong = Answer(200, {"lowest": 1, "password": SECRET})
    with http_server({"GET /ack": Answer(200, {}), "GET /channels": wrong}) as server:
        return against(server.url, folder)


def against(url: str, folder: Path) -> Path:
    """The folder of a run of the same test against the server at an address, where none may be."""
    write_site(url, folder)
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{folder / 'site.yaml'}", "--test", TEST]
    command += ["--metadata", "Site:staging", "--metadata", "Run:20261130-100000-ab12"]
    command += ["--outputdir", str(folder / "run"), "--console", "none", SUITE]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=120)
    return folder / "run"


def write_site(url: str, folder: Path, sections: dict[str, Any] | None = None) -> None:
    """site.yaml of a server at an address, with these further sections, each of which is a capability of its name."""
    sections = sections or {}
    site = STAGING | {
        "focus": {"url": url, "auth": "none"},
        "state_dir": str(folder),
        "capabilities": ["rest", *sections],
        "reserve": None,
        "known_bugs": [],
    }
    (folder / "site.yaml").write_text(yaml.safe_dump(site | sections), encoding="utf-8")
