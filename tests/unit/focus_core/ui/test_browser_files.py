"""Which browser is used, and how one is fetched without root."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from focus_core.base.errors import BenchError
from focus_core.ui import browser_files

PROGRAM = "#!/bin/sh\necho 'HeadlessChrome 150.0.1.2'\n"


def program(path: Path, text: str = PROGRAM) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a browser; programs can be put into the folder that is returned."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(browser_files.VARIABLE, raising=False)
    monkeypatch.setattr(browser_files, "_MAC_BROWSERS", ())
    return programs


@pytest.mark.usefixtures("bare")
def test_without_a_browser_one_sentence_says_what_to_do() -> None:
    assert browser_files.find() is None
    with pytest.raises(BenchError, match=r"No browser: UI tests need chromium-headless-shell .*run\.py ui fetch"):
        browser_files.require()


def test_the_named_one_comes_first_then_the_fetched_one_then_the_machine_s(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = program(bare / "chromium")
    assert browser_files.require() == browser_files.BrowserFile(full, "full", "of this machine")
    shell = program(bare / "chromium-headless-shell")
    assert browser_files.require().program == shell
    fetched = program(browser_files.folder() / "tree" / "start-browser")
    assert browser_files.require().program == fetched
    monkeypatch.setenv(browser_files.VARIABLE, str(full))
    assert browser_files.require().origin == "named by FOCUS_BROWSER"
    assert browser_files.require().kind == "full"


@pytest.mark.usefixtures("bare")
def test_a_named_one_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(browser_files.VARIABLE, "netscape")
    with pytest.raises(BenchError, match="FOCUS_BROWSER names 'netscape', which is no program"):
        browser_files.find()


def test_the_version_is_what_the_program_says(bare: Path) -> None:
    program(bare / "chromium-headless-shell")
    assert browser_files.require().version == "150.0.1.2"


def test_a_program_that_does_not_start_is_refused(bare: Path) -> None:
    program(bare / "chromium-headless-shell", "#!/bin/sh\necho 'no libnss3.so' >&2\nexit 127\n")
    with pytest.raises(BenchError, match=r"does not start: no libnss3\.so"):
        _ = browser_files.require().version


@pytest.mark.usefixtures("bare")
def test_other_systems_are_told_what_to_do() -> None:
    with pytest.raises(BenchError, match="only on Debian-like systems"):
        browser_files.fetch(lambda _line: None)


APT = """#!/bin/sh
echo "$@" >> "$LOG"
case "$*" in
*--print-uris*) [ -e "$LISTS" ] || exit 0
  for name in chromium-headless-shell libnss3 libllvm15 xdg-utils; do
    echo "'http://host/$name.deb' ${name}_1.0_amd64.deb 100 SHA256:0"
  done ;;
*update*) : > "$LISTS" ;;
*download*) for name in $(echo "$*" | sed 's/.*download //'); do : > "${name}_1.0_amd64.deb"; done ;;
esac
"""
DPKG = """#!/bin/sh
mkdir -p "$3/usr/lib/chromium" "$3/usr/lib/x86_64-linux-gnu/pulseaudio"
: > "$3/usr/lib/x86_64-linux-gnu/pulseaudio/libpulsecommon.so"
printf '#!/bin/sh\\necho "Shell 150.0 $LD_LIBRARY_PATH"\\n' > "$3/usr/lib/chromium/chromium-headless-shell"
chmod 755 "$3/usr/lib/chromium/chromium-headless-shell"
"""


@pytest.fixture
def debian(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Debian whose package lists are empty until they are read anew; returns what apt-get was asked."""
    monkeypatch.setenv("PATH", f"{bare}{os.pathsep}{os.defpath}")
    monkeypatch.setattr(browser_files.sys, "platform", "linux")
    log = tmp_path / "log"
    monkeypatch.setenv("LOG", str(log))
    monkeypatch.setenv("LISTS", str(tmp_path / "lists-are-there"))
    program(bare / "apt-get", APT)
    program(bare / "dpkg", DPKG)
    return log


@pytest.mark.skipif(os.name == "nt", reason="apt is a program of Debian")
def test_only_missing_and_needed_packages_are_fetched_without_root(debian: Path) -> None:
    said: list[str] = []
    found = browser_files.fetch(said.append)
    asked = debian.read_text().splitlines()
    assert next(line for line in asked if " download " in line).endswith("download chromium-headless-shell libnss3")
    assert all("APT::Sandbox::User= " in line for line in asked)
    assert any("reading fresh ones privately" in line for line in said)
    started = subprocess.run([found.program], capture_output=True, text=True, check=True).stdout
    assert started.strip() == f"Shell 150.0 {browser_files.folder()}/tree/usr/lib/x86_64-linux-gnu/pulseaudio"
    assert browser_files.find() == found


@pytest.mark.skipif(os.name == "nt", reason="apt is a program of Debian")
def test_a_fetch_that_fails_leaves_nothing_that_looks_finished(debian: Path) -> None:
    program(debian.with_name("bin") / "dpkg", "#!/bin/sh\necho 'no space left' >&2\nexit 2\n")
    with pytest.raises(BenchError, match=r"could not be unpacked \(no space left\)"):
        browser_files.fetch(lambda _line: None)
    assert [path.name for path in browser_files.folder().iterdir()] == ["lock"]
    assert browser_files.find() is None
