"""Which browser the tests of the page use, and where it comes from.

Nothing is installed system-wide: on a Debian-like system the packages are named and fetched by apt and unpacked by dpkg
into a folder of the user, which works without root. Nothing here is fetched but by ``python run.py ui fetch``.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Literal

from filelock import FileLock

from focus_core.base.errors import BenchError

HEADLESS_SHELL = "chromium-headless-shell"
PACKAGES = (HEADLESS_SHELL, "fonts-dejavu-core")
VARIABLE = "FOCUS_BROWSER"
HOW_TO_GET = (
    f"No browser: UI tests need {HEADLESS_SHELL} (Debian: `apt install {HEADLESS_SHELL}`, or without root `python "
    f"run.py ui fetch`), or name a Chrome or Chromium in {VARIABLE}; then start again."
)
# What packages ask for and drawing by software does without: a compiler for GPU programs, X11's programs and keyboards.
_NOT_NEEDED = (
    *("libllvm*", "libz3-*", "libgl1-mesa-dri*", "libglx-mesa*"),
    *("x11-*", "xkb-data*", "libxaw*", "libxmu*", "libxft*", "xdg-utils*"),
)
_FULL_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
_MAC_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_PROGRAM = Path("usr/lib/chromium") / HEADLESS_SHELL
_START = "start-browser"
_TICK_S = 3.0

Progress = Callable[[str], None]


@dataclass(frozen=True)
class BrowserFile:
    """A browser that can be started.

    - ``program``: its path, or that of a script that starts it
    - ``kind``: headless-shell (pictures are compared only with this one) or full
    - ``origin``: how it was found, in words
    """

    program: Path
    kind: Literal["headless-shell", "full"]
    origin: str

    @property
    def version(self) -> str:
        """What the program says of its version, like "150.0.7871.100". Raises ``BenchError`` when it does not start."""
        return _version(self.program)

    def __str__(self) -> str:
        return f"{self.program} ({self.kind}, {self.origin})"


def find() -> BrowserFile | None:
    """The browser that tests use now: the one named, the fetched one, the machine's; None where there is none.

    Raises ``BenchError`` when ``FOCUS_BROWSER`` names a program that is not there.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return _named(named)
    fetched = folder() / "tree" / _START
    if fetched.exists():
        return BrowserFile(fetched, "headless-shell", "fetched by run.py ui fetch")
    on_path = shutil.which(HEADLESS_SHELL)
    if on_path:
        return BrowserFile(Path(on_path), "headless-shell", "of this machine")
    full = next(filter(None, map(shutil.which, _FULL_BROWSERS)), None) or _of_this_mac()
    return BrowserFile(Path(full), "full", "of this machine") if full else None


def require() -> BrowserFile:
    """The same. Raises ``BenchError`` with the repair where there is none."""
    found = find()
    if found is None:
        raise BenchError(HOW_TO_GET)
    return found


def folder() -> Path:
    """The private folder that a browser is fetched into; it may not be there yet."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    cache_home = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    return cache_home / "focus-acceptance" / "browser"


def can_fetch() -> bool:
    """Whether this is a Debian-like system, whose packages can be unpacked."""
    return sys.platform == "linux" and all(shutil.which(program) for program in ("apt-get", "dpkg"))


def fetch(progress: Progress) -> BrowserFile:
    """The fetched browser; its packages are downloaded and unpacked when they are not there.

    An interrupted fetch leaves nothing that looks finished: the folder gets its name last. Raises ``BenchError`` when
    the system has no apt, or apt cannot download.
    """
    if not can_fetch():
        raise BenchError(f"A browser can be fetched only on Debian-like systems. {HOW_TO_GET}")
    home = folder()
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "lock"):
        if not (home / "tree" / _START).exists():
            for leftover in home.glob("part-*"):
                shutil.rmtree(leftover)
            part = Path(tempfile.mkdtemp(prefix="part-", dir=home))
            try:
                _fetch_into(part, home / "tree", progress)
            finally:
                shutil.rmtree(part, ignore_errors=True)
    return BrowserFile(home / "tree" / _START, "headless-shell", "fetched by run.py ui fetch")


def _named(program: str) -> BrowserFile:
    path = shutil.which(program)
    if path is None:
        raise BenchError(f"{VARIABLE} names '{program}', which is no program: correct it or unset it.")
    kind: Literal["headless-shell", "full"] = "headless-shell" if "headless" in Path(path).name else "full"
    return BrowserFile(Path(path), kind, f"named by {VARIABLE}")


def _of_this_mac() -> str | None:
    return next((path for path in _MAC_BROWSERS if sys.platform == "darwin" and Path(path).exists()), None)


@cache
def _version(program: Path) -> str:
    try:
        done = subprocess.run(
            [program, "--version", "--no-sandbox"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BenchError(f"The browser {program} does not start ({error}). {HOW_TO_GET}") from None
    words = [word for word in done.stdout.split() if word[:1].isdigit()]
    if done.returncode != 0 or not words:
        said = (done.stderr or done.stdout).strip().rpartition("\n")[2] or f"exit code {done.returncode}"
        raise BenchError(f"The browser {program} does not start: {said}. {HOW_TO_GET}")
    return words[0]


def _fetch_into(part: Path, final: Path, progress: Progress) -> None:
    apt = _Apt(part, progress)
    progress(f"{HEADLESS_SHELL}: asking apt which packages are missing ...")
    names = apt.missing_packages()
    progress(f"{HEADLESS_SHELL}: downloading {len(names)} packages (about 120 MB, once) ...")
    apt.download(names)
    progress(f"{HEADLESS_SHELL}: unpacking ...")
    tree = part / "tree"
    for package in sorted(apt.packages.glob("*.deb")):
        done = apt.run(["dpkg", "-x", str(package), str(tree)])
        if done.returncode != 0:
            raise BenchError(f"{package.name} could not be unpacked ({done.stderr.strip()}): make room on the disk.")
    if not (tree / _PROGRAM).exists():
        raise BenchError(f"The packages of {HEADLESS_SHELL} hold no {_PROGRAM}: name a browser in {VARIABLE} instead.")
    _write_start(tree, final)
    if final.exists():
        shutil.rmtree(final)
    tree.rename(final)


def _write_start(tree: Path, final: Path) -> None:
    """A script that starts the browser of the tree with its libraries and fonts; paths are those after renaming."""
    libraries = ":".join(shlex.quote(str(final / path.relative_to(tree))) for path in _library_folders(tree))
    (tree / "fonts.conf").write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
        f"<fontconfig><dir>{final}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{final}/font-cache</cachedir></fontconfig>\n",
        encoding="utf-8",
    )
    script = tree / _START
    script.write_text(
        f"#!/bin/sh\nexport LD_LIBRARY_PATH={libraries}\n"
        f"export FONTCONFIG_FILE={shlex.quote(str(final / 'fonts.conf'))}\n"
        f'exec {shlex.quote(str(final / _PROGRAM))} "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)


def _library_folders(tree: Path) -> Iterator[Path]:
    """Folders with shared libraries: libpulsecommon, for one, lies a level below the others."""
    tops = sorted(path for base in ("usr/lib", "lib") for path in (tree / base).glob("*-linux-*"))
    for top in tops:
        for found in (top, *sorted(top.glob("*/")), *sorted(top.glob("*/*/"))):
            if found.is_dir() and any(found.glob("lib*.so*")):
                yield found


class _Apt:
    """apt-get, with a cache of its own and without root."""

    def __init__(self, part: Path, progress: Progress) -> None:
        self.packages = part / "packages"
        self.packages.mkdir()
        self._progress = progress
        self._lists = part / "lists"
        (self._lists / "partial").mkdir(parents=True)
        (part / "cache" / "archives" / "partial").mkdir(parents=True)
        self._options = ["-o", f"Dir::Cache={part / 'cache'}", "-o", "APT::Sandbox::User=", "-o", "Debug::NoLocking=1"]
        self._options += ["-o", "APT::Install-Recommends=false", "-q"]

    def missing_packages(self) -> list[str]:
        """The packages that the browser needs and this machine has not, read from fresh lists where it has none."""
        names = self._named_by_apt()
        if not names:
            self._progress(f"{HEADLESS_SHELL}: this machine's package lists lack it; reading fresh ones privately ...")
            self._options += ["-o", f"Dir::State::lists={self._lists}", "-o", "Acquire::Languages=none"]
            self._options += ["-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=20"]
            self.run(["apt-get", *self._options, "update"])
            names = self._named_by_apt()
        if not names:
            raise BenchError(
                f"apt does not name the packages of {HEADLESS_SHELL}: check the network and the package sources of "
                f"this machine, or name a browser in {VARIABLE}."
            )
        return [name for name in names if not any(fnmatch(name, pattern) for pattern in _NOT_NEEDED)]

    def download(self, names: list[str]) -> None:
        done = self.run(["apt-get", *self._options, "download", *names])
        if done.returncode != 0:
            said = done.stderr.strip().rpartition("\n")[2] or "nothing"
            raise BenchError(
                f"The packages of {HEADLESS_SHELL} could not be downloaded; check the network and the machine's "
                f"package sources, then run 'python run.py ui fetch' again. apt-get says: {said}"
            )

    def _named_by_apt(self) -> list[str]:
        # Lines: 'URI' NAME_VERSION_ARCHITECTURE.deb SIZE HASH
        done = self.run(["apt-get", *self._options, "--print-uris", "-y", "install", *PACKAGES])
        lines = [line.split() for line in done.stdout.splitlines() if line.startswith("'")]
        return [words[1].partition("_")[0] for words in lines if len(words) > 1 and words[1].endswith(".deb")]

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """The command's end; while it lasts, every few seconds how much was downloaded."""
        with subprocess.Popen(
            command,
            cwd=self.packages,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        ) as process:
            while True:
                try:
                    out, err = process.communicate(timeout=_TICK_S)
                    return subprocess.CompletedProcess(command, process.returncode, out, err)
                except subprocess.TimeoutExpired:
                    size = sum(path.stat().st_size for path in self.packages.iterdir())
                    self._progress(f"{HEADLESS_SHELL}: {command[0]} works, {size / 1e6:.0f} MB so far ...")
                except KeyboardInterrupt:
                    process.kill()
                    raise
