"""Libraries load quickly and offline: no heavy client before its use, no I/O in a constructor, docs without warning."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from robot.libdocpkg import LibraryDocumentation

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = sorted(path.stem for path in (ROOT / "libraries").glob("*Library.py"))
RESOURCES = sorted(path.name for path in (ROOT / "resources").glob("*.resource"))
HEAVY = ("grpc", "kubernetes", "pymongo", "pika", "matplotlib")

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


def test_a_rest_suite_loads_no_heavy_client() -> None:
    assert (
        heavy_modules_after(["SiteLibrary", "FocusLibrary", "WaterfallLibrary", "MetadataLibrary", "RecordingLibrary"])
        == ""
    )


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
    assert not undocumented, f"{name}: say what these do: {undocumented}"
