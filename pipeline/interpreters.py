"""Finds a Python that the project supports when run.py was started with another one.

Standard library only, and only what Python 3.6 can read: this runs before anything is known of the Python.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Newest first. They serve everything; 3.14 lacks the wheel of the simulated site's database only.
SUPPORTED = ("3.13", "3.12", "3.11")
WITHOUT_SITE = "3.14"
ASK = "import sys; print('%d.%d' % sys.version_info[:2])"
ASK_S = 20


def go_on_with_a_supported_one() -> None:
    """Return when this Python serves; else become run.py under one that does, or end with a sentence."""
    this = "{}.{}".format(*sys.version_info[:2])
    if this in SUPPORTED:
        return
    for command in candidates():
        if version(command) in SUPPORTED:
            say(f"going on with {' '.join(command)}, since this Python is {this}")
            become([*command, *sys.argv])
    if this != WITHOUT_SITE:
        sys.exit(
            "This project needs Python 3.11, 3.12 or 3.13 (or 3.14, without the simulated site), this one is "
            f"{this} and no other was found: install one of them and start run.py again."
        )
    say("Python 3.14 serves everything but the simulated site, which needs mongod or Python 3.11, 3.12 or 3.13.")


def candidates() -> "Iterator[list[str]]":
    """Commands that may start a supported Python: on PATH, by the Windows launcher, of pyenv, of uv."""
    for name in SUPPORTED:
        path = shutil.which(f"python{name}")
        if path:
            yield [path]
    launcher = shutil.which("py")
    if launcher and os.name == "nt":
        for name in SUPPORTED:
            yield [launcher, f"-{name}"]
    pyenv = Path(os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv"))  # noqa: PTH111 - fails without a home
    for name in SUPPORTED:
        yield from ([str(path)] for path in sorted(pyenv.glob(f"versions/{name}.*/bin/python")))
    uv = shutil.which("uv")
    if uv:
        for name in SUPPORTED:
            path = output([uv, "python", "find", "--system", "--no-project", name])
            if path:
                yield [path]


def version(command: "list[str]") -> str:
    """The version that a Python reports, such as 3.12; nothing when it does not start (such as a shim of pyenv)."""
    return output([*command, "-I", "-c", ASK])


def output(command: "list[str]") -> str:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ASK_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def say(text: str) -> None:
    """On standard error: what a command prints may be read by a program."""
    sys.stderr.write(f"run.py: {text}\n")
    sys.stderr.flush()


def become(command: "list[str]") -> None:
    """Replace this process (Windows cannot: there it waits for the other and ends with its exit code)."""
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - the Python that was just asked, no shell
    process = subprocess.Popen(command)
    while True:
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:
            continue  # Ctrl-C reaches the other too, and it knows how to end
