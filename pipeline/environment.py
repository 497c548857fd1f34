"""Makes `.venv` from the hashed lock and hands over to it.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from pathlib import Path

from pipeline import console, surroundings
from pipeline.errors import BROKEN, INTERRUPTED

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
MARKER = VENV / "installed.json"
LOCK = ROOT / "requirements.lock"
OURS = [ROOT, ROOT / "libraries", ROOT / "resources"]
INSTALL_LOG = ROOT / "results" / "install.log"
# Raised when an environment of an older checkout would hold what a new one would not, whatever is in the lock.
RECIPE = "2"

# What uv and pip print when the index cannot be reached.
NO_NETWORK = re.compile(
    r"connection refused|error sending request|dns error|name resolution|failed to establish a new connection"
    r"|network is unreachable|timed out|could not connect|failed to connect|getaddrinfo",
    re.IGNORECASE,
)


class InstallError(Exception):
    """The environment cannot be made; the text is one sentence with cause and repair."""


def main(args: list[str]) -> int:
    """Make the environment where needed, then run `python -m pipeline ARGS` in it; returns its exit code."""
    if not args or args[0] in ("-h", "--help", "help"):
        from pipeline.__main__ import main as show_help  # needs nothing installed

        return show_help(args)
    refused = surroundings.refused(os.environ)
    if refused:
        console.complain(refused)
        return BROKEN
    try:
        # Who starts an MCP server reads its protocol on stdout, and nothing else.
        with redirect_stdout(sys.stderr) if args[0] == "mcp" else nullcontext():
            ensure()
            clash = surroundings.clash(os.environ, VENV, OURS)
            if clash:
                say(clash)
    except InstallError as error:
        console.complain(str(error))
        return BROKEN
    except OSError as error:
        console.complain(
            f"The environment cannot be made: {error}; free the disk or correct the rights and start again."
        )
        return BROKEN
    except KeyboardInterrupt:
        console.complain("Stopped before the command began; what its environment lacks is made at the next start.")
        return INTERRUPTED
    return hand_over(args)


def ensure() -> None:
    """Leave a complete environment in `.venv`: nothing is done when its marker fits lock, pyproject and Python."""
    if installed() == wanted():
        return
    with one_at_a_time():
        found, want = installed(), wanted()
        if found == want:
            return
        began = time.monotonic()
        # A lock that changed is installed over what is there; anything else starts from nothing, because a package
        # that was half written when an installation stopped looks installed to uv and pip.
        keep = found is not None and found | {"packages": ""} == want | {"packages": ""} and works()
        MARKER.unlink(missing_ok=True)
        if not keep:
            make_venv()
        install()
        MARKER.write_text(json.dumps(want), encoding="utf-8")
        say(f"environment ready in {time.monotonic() - began:.0f} s")


def wanted() -> dict[str, str]:
    """The marker of a complete environment: digest of what is installed, Python version, folder."""
    digest = hashlib.sha256()
    for name in ("requirements.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    # A moved folder needs a new environment: scripts and path entries hold absolute paths.
    return {
        "packages": digest.hexdigest(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "folder": str(ROOT),
        "recipe": RECIPE,
    }


def installed() -> dict[str, str] | None:
    """The marker, which is written last; None when it is missing or unreadable (never or not wholly installed)."""
    try:
        marker = json.loads(MARKER.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return marker if isinstance(marker, dict) and PYTHON.exists() else None


def works() -> bool:
    """Whether the environment's Python starts."""
    try:
        return subprocess.run([PYTHON, "-c", ""], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def make_venv() -> None:
    """An empty `.venv` without pip: uv needs none, and pip is added where uv cannot be had."""
    if inside_venv() and os.name == "nt":
        raise InstallError("The environment must be made anew and cannot replace itself: leave it and start again.")
    try:
        if VENV.exists():
            shutil.rmtree(VENV)
    except OSError as error:
        raise InstallError(f"The old .venv cannot be removed ({error}): end what uses it and start again.") from None
    base = getattr(sys, "_base_executable", sys.executable)
    run([base, "-m", "venv", "--without-pip", VENV], "making .venv")


def inside_venv() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def install() -> None:
    """Everything of the lock, hashes checked, bytecode compiled; then the project itself as path entries."""
    reasons = []
    for installer in (uv_installer, pip_installer):
        try:
            command = installer()
            run([*command, "--require-hashes", "-r", LOCK], "installing the packages of requirements.lock")
            project = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
            run([*command, *project], "installing the project's path entries")
        except CommandError as error:
            reasons.append(error)
        else:
            return
    if any(NO_NETWORK.search(reason.output) for reason in reasons):
        raise InstallError(
            "The package index cannot be reached: connect to the network, or name your mirror in UV_DEFAULT_INDEX and "
            f"PIP_INDEX_URL, and start again (details: {INSTALL_LOG.relative_to(ROOT)})."
        )
    raise InstallError(f"The installation failed ({reasons[-1]}): see {INSTALL_LOG.relative_to(ROOT)} and start again.")


def uv_installer() -> list[str | Path]:
    """`uv pip install` of the uv on PATH, else of the uv of the lock, which pip fetches into `.venv`."""
    uv = shutil.which("uv")
    if uv is None:
        add_pip()
        with tempfile.TemporaryDirectory() as folder:
            only_uv = Path(folder) / "uv.txt"
            only_uv.write_text(locked("uv"), encoding="utf-8")
            run([*PIP, "--require-hashes", "--no-deps", "-r", only_uv], "installing uv")
        uv = str(BIN / "uv")
    return [uv, "pip", "install", "--python", PYTHON, "--compile-bytecode"]


def pip_installer() -> list[str | Path]:
    """`pip install`, for machines whose index settings only pip understands."""
    add_pip()
    return list(PIP)


PIP: tuple[str | Path, ...] = (
    PYTHON,
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
    "--no-input",
    "--retries=1",
)


def add_pip() -> None:
    if not (BIN / ("pip.exe" if os.name == "nt" else "pip3")).exists():
        try:
            run([PYTHON, "-m", "ensurepip", "--default-pip"], "adding pip")
        except CommandError:
            raise InstallError(
                "This Python comes without pip's installer: install its venv package (python3-venv) or uv."
            ) from None


def locked(name: str) -> str:
    """The lines of one package in the lock, with its hashes."""
    text = LOCK.read_text(encoding="utf-8")
    match = re.search(rf"^{re.escape(name)}==[^\n]*(?:\n[ \t]+[^\n]*)*", text, re.MULTILINE)
    if match is None:
        raise InstallError(f"requirements.lock does not hold {name}: restore the file from git and start again.")
    return match.group(0) + "\n"


class CommandError(Exception):
    """A program of the installation failed; `output` is what it printed."""

    def __init__(self, what: str, output: str) -> None:
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        super().__init__(f"{what}: {lines[-1] if lines else 'no output'}")
        self.output = output


def run(command: list[str | Path], what: str) -> None:
    """Run a program, with a line every few seconds; its output goes to results/install.log."""
    say(what)
    INSTALL_LOG.parent.mkdir(exist_ok=True)
    began = time.monotonic()
    environment = surroundings.for_installers(child_environment())
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, cwd=ROOT)
    except OSError as error:
        raise CommandError(what, str(error)) from None
    output: list[bytes] = []
    reader = threading.Thread(target=lambda: output.extend(process.stdout or ()), daemon=True)
    reader.start()
    try:
        while True:
            try:
                code = process.wait(console.TICK_S)
                break
            except subprocess.TimeoutExpired:
                say(f"  ... {time.monotonic() - began:.0f} s")
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    reader.join()
    text = b"".join(output).decode("utf-8", "replace")
    with INSTALL_LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(map(str, command))}\n{text}\n")
    if code:
        raise CommandError(what, text)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two runs at once: the second waits and finds the work done. The system frees the lock of a killed run."""
    path = ROOT / "results" / ".install.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("a+b") as file:
        reported = False
        while not try_lock(file.fileno()):
            if not reported:
                say("another run is installing; waiting for it")
                reported = True
            time.sleep(0.2)
        yield


def try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def child_environment() -> dict[str, str]:
    """The environment of everything that run.py starts."""
    return surroundings.for_children(os.environ, VENV, BIN, OURS)


def hand_over(args: list[str]) -> int:
    """Become `python -m pipeline ARGS` of the environment (a child on Windows, which cannot replace a process)."""
    # -P: a folder named like a module of ours in the caller's folder must not take its place.
    command = [str(PYTHON), "-P", "-m", "pipeline", *args]
    environment = child_environment()
    if sys.platform != "win32":
        sys.stdout.flush()
        # Ctrl-C while Python starts would end in a traceback: it waits until the commands listen for it.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        os.execve(PYTHON, command, environment)  # noqa: S606 - a fixed program, no shell
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # Ctrl-C reaches the child too, and it knows how to end


def say(text: str) -> None:
    console.say(f"run.py: {text}")
