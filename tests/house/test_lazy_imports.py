"""Libraries load quickly and offline: no heavy client before its use, no I/O in a constructor, docs without warning."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from focus_core.site import loader as site_loader
from robot.libdocpkg import LibraryDocumentation
from support.loopback import Answer, http_server

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = sorted(path.stem for path in (ROOT / "libraries").glob("*Library.py"))
RESOURCES = sorted(path.name for path in (ROOT / "resources").glob("*.resource"))
HEAVY = ("grpc", "kubernetes", "pymongo", "pika", "matplotlib", "paramiko")
# What costs a suite as much as half of an empty one's whole start; only some suites pay it.
SLOW = ("pydantic", "requests")

# What a fresh process with these libraries has loaded of the heavy clients. Connecting is made impossible on the way.
LOAD = """
import importlib, socket, sys

def refused(*_args, **_options):
    raise AssertionError("a library connected while it was loaded")

socket.socket.connect = refused
for name in sys.argv[1].split(","):
    getattr(importlib.import_module(name), name)()
print(",".join(sorted({name.partition(".")[0] for name in sys.modules} & set(sys.argv[2].split(",")))))
"""


def heavy_modules_after(libraries: list[str]) -> str:
    run = subprocess.run(
        [sys.executable, "-c", LOAD, ",".join(libraries), ",".join(HEAVY)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


REST_SUITE = """
*** Settings ***
Resource          focus.resource
Suite Setup       Open Site    rest
Suite Teardown    Close Site

*** Test Cases ***
Ask Once
    ${answer} =    Ask Focus Server    GET    /ack
    Answer Should Be    ${answer}    200
"""

# Runs a suite as robot does and prints what it has loaded.
RUN = """
import sys
from robot import run

code = run(sys.argv[1], output=None, report=None, log=None, console="none")
print(code, ",".join(sorted({name.partition(".")[0] for name in sys.modules} & set(sys.argv[2].split(",")))))
"""


def test_a_rest_suite_loads_no_heavy_client(tmp_path: Path) -> None:
    suite = tmp_path / "rest.robot"
    suite.write_text(REST_SUITE)
    with http_server({"GET /focus-server/ack": Answer(200, {})}) as server:
        site = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))
        site |= {
            "focus": {"url": f"{server.url}/focus-server", "auth": "none"},
            "state_dir": str(tmp_path),
            "known_bugs": [],
            "reserve": None,
        }
        (tmp_path / "site.yaml").write_text(yaml.safe_dump(site))
        environment = os.environ | {"FOCUS_SITE": str(tmp_path / "site.yaml")}
        loaded = [
            subprocess.run(
                [sys.executable, "-c", RUN, str(suite), ",".join(HEAVY + SLOW)],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            )
            .stdout.strip()
            .rpartition("\n")[2]  # a busy machine prints before that the site is being started
            for _ in range(2)
        ]
    # The first process validates the site file, the second one knows it.
    assert loaded == ["0 pydantic", "0"]


def test_all_libraries_together_load_no_heavy_client_and_connect_nowhere() -> None:
    assert heavy_modules_after(LIBRARIES) == ""


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_is_declared(name: str) -> None:
    library = getattr(importlib.import_module(name), name)
    assert library.ROBOT_LIBRARY_SCOPE in ("GLOBAL", "SUITE")
    assert library.ROBOT_LIBRARY_VERSION
    assert library.ROBOT_AUTO_KEYWORDS is False


@pytest.mark.parametrize("name", LIBRARIES + RESOURCES)
def test_documentation_builds_without_warning(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    documentation = LibraryDocumentation(name)
    assert not capsys.readouterr().err
    assert documentation.doc
    undocumented = [keyword.name for keyword in documentation.keywords if not keyword.doc]
    assert not undocumented, f"{name}: document what these do: {undocumented}"
