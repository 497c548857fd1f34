"""The team's runner is a Windows machine: what runs there must load without Unix, under names that Windows accepts."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The folder of a checkout on a runner is about 60 characters long, and Windows ends paths at 260.
LONGEST = 140
REFUSED = re.compile(r"""[<>:"\\|?*\x00-\x1f]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)""", re.IGNORECASE)

# In a fresh process: everything is loaded once, so that all other packages are there as on this machine; then our own
# modules are loaded again on a Python that looks like one of Windows, and every command reads its options.
LOAD = """
import importlib, os, pathlib, pkgutil, signal, sys

UNIX_MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty")
UNIX_NAMES = {
    os: ("fork", "forkpty", "getuid", "geteuid", "getgid", "getpgid", "killpg", "setsid", "uname", "WNOHANG", "mkfifo"),
    signal: ("SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGALRM", "alarm", "pthread_sigmask", "setitimer"),
}
OURS = ("focus_core", "focus_keywords", "pipeline", "strength", "mcp_servers")

def names():
    for top in OURS:
        yield top
        for found in pkgutil.walk_packages(importlib.import_module(top).__path__, top + "."):
            if not found.name.endswith("__main__"):
                yield found.name
    yield from (path.stem for path in pathlib.Path(sys.argv[1], "libraries").glob("*Library.py"))

wanted = list(names())
for name in wanted:
    importlib.import_module(name)
for name in [name for name in sys.modules if name.partition(".")[0] in OURS or name in wanted]:
    del sys.modules[name]
for name in UNIX_MODULES:
    sys.modules[name] = None
for module, attributes in UNIX_NAMES.items():
    for attribute in attributes:
        if hasattr(module, attribute):
            delattr(module, attribute)
pathlib.Path.__new__.__globals__["WindowsPath"] = pathlib.PosixPath  # the files are still those of this machine
os.name, sys.platform = "nt", "win32"
exec(sys.argv[2])
for name in wanted:
    importlib.import_module(name)
from pipeline import command_line, environment
for command in command_line.COMMANDS:
    command_line.parsers(command)
assert environment.PYTHON.as_posix().endswith(".venv/Scripts/python.exe"), environment.PYTHON
print(len(wanted), [name for name in sys.modules if name.partition(".")[0] == "simulator"])
"""


def load(before: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LOAD, str(ROOT), before]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name]


def test_libraries_and_pipeline_load_without_unix() -> None:
    done = load()
    assert done.returncode == 0, done.stderr
    count, _, simulator = done.stdout.strip().partition(" ")
    assert int(count) > 200
    assert simulator == "[]"  # it serves Unix only


@pytest.mark.parametrize("slip", ["import fcntl", "import signal; signal.SIGKILL", "import os; os.getuid()"])
def test_what_only_unix_has_is_missing_there(slip: str) -> None:
    # Without the modules of ours, which the test above loads: only what is hidden counts here.
    done = subprocess.run(
        [sys.executable, "-c", LOAD.replace("wanted = list(names())", "wanted = []"), str(ROOT), slip],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert re.search(r"fcntl halted|has no attribute .(?:SIGKILL|getuid)", done.stderr), done.stderr


def refused(names: list[str]) -> list[str]:
    """The names that cannot be checked out on Windows, or not beside each other."""
    lower = Counter(name.lower() for name in names)
    return [
        name
        for name in names
        if len(name) > LONGEST or lower[name.lower()] > 1 or any(REFUSED.search(part) for part in name.split("/"))
    ]


def test_windows_can_check_out_every_file() -> None:
    names = tracked()
    assert len(names) > 500
    assert refused(names) == []


@pytest.mark.parametrize("name", ["a/nul", "Aux.md", "a:b", "a/what?", "end.", "end ", "long/" + "x" * LONGEST])
def test_a_name_that_windows_refuses_is_found(name: str) -> None:
    assert refused([name, "README.md"]) == [name]


def test_names_that_differ_in_case_only_are_found() -> None:
    assert refused(["docs/A.md", "docs/a.md", "docs/b.md"]) == ["docs/A.md", "docs/a.md"]


def test_no_file_is_a_link() -> None:
    """Windows makes one for administrators only."""
    listed = subprocess.run(["git", "ls-files", "-s"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line for line in listed.stdout.splitlines() if line.startswith("120000")] == []
