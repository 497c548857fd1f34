"""Making the environment: from nothing, again, without a network, interrupted, twice at once, in awkward folders."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.checkout import CLOSED, Checkout, base_python, clean_environment, interrupt, wait_for

Copy = Callable[[str], Checkout]


def no_network(folder: Path) -> dict[str, str]:
    """No index and no cache: what a machine without a network sees."""
    return {
        "PIP_INDEX_URL": CLOSED,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": str(folder),
        "PIP_CACHE_DIR": str(folder / "pip"),
        "PIP_RETRIES": "0",
        "UV_DEFAULT_INDEX": CLOSED,
        "UV_NO_CONFIG": "1",
        "UV_HTTP_RETRIES": "0",
        "UV_CACHE_DIR": str(folder / "uv"),
    }


@pytest.mark.nightly
def test_without_a_network_one_sentence_says_so(copy: Copy, tmp_path: Path) -> None:
    checkout = copy("offline")
    ended = checkout.run("smoke", env=no_network(tmp_path))
    assert ended.code == 252
    assert ended.sentence.startswith("run.py: The package index cannot be reached: connect to the network")
    assert "Traceback" not in ended.err
    assert not (checkout.root / ".venv" / "installed.json").exists()
    assert (checkout.root / "results" / "install.log").exists()


@pytest.mark.nightly
def test_from_nothing_in_a_folder_with_spaces_and_hebrew(copy: Copy, tmp_path: Path) -> None:
    checkout = copy("בדיקות קבלה 1")
    first = checkout.run("keywords", "view")
    assert first.code == 0, first.err
    assert "environment ready" in first.out
    assert "Open Live View" in first.out

    began = time.monotonic()
    again = checkout.run("keywords", "view", env=no_network(tmp_path))
    assert again.code == 0
    assert "installing" not in again.out
    assert time.monotonic() - began < 10

    made = checkout.run("new", "בדיקה ראשונה")
    assert made.code == 0
    suite = "suites/sandbox/בדיקה_ראשונה.robot"
    programs = checkout.root / ".venv" / "bin"
    activated = clean_environment()
    activated["PATH"] = os.pathsep.join([str(programs), activated["PATH"]])
    for program in ("robot", "pabot"):
        done = subprocess.run(
            [programs / program, "--dryrun", "--exitonerror", "--outputdir", tmp_path, suite],
            cwd=checkout.root,
            env=activated,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout

    # A lock that changed is brought in step, without beginning anew.
    lock = checkout.root / "requirements.lock"
    lock.write_text(lock.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    changed = checkout.run("keywords", "view")
    assert changed.code == 0, changed.err
    assert "installing the packages" in changed.out
    assert "making .venv" not in changed.out


@pytest.mark.nightly
def test_an_interrupted_installation_is_repaired_by_the_next_run(copy: Copy) -> None:
    checkout = copy("interrupted")
    process = checkout.start("keywords", "view")
    packages = checkout.root / ".venv" / "lib"
    wait_for("packages being installed", lambda: any(packages.rglob("robot/api/__init__.py")))
    stopped = interrupt(process)
    assert stopped.code == 253
    assert "start again" in stopped.sentence
    assert not (checkout.root / ".venv" / "installed.json").exists()

    repaired = checkout.run("keywords", "view")
    assert repaired.code == 0, repaired.err
    assert "making .venv" in repaired.out


@pytest.mark.nightly
def test_two_first_runs_at_once_install_once(copy: Copy) -> None:
    checkout = copy("twice")
    both = [checkout.start("keywords", "view") for _ in range(2)]
    ended = [process.communicate(timeout=600) for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    assert sum("making .venv" in out for out, _ in ended) == 1
    assert sum("another run is installing" in out for out, _ in ended) == 1


@pytest.mark.nightly
def test_where_uv_fails_pip_installs(copy: Copy, tmp_path: Path) -> None:
    """uv knows nothing of pip's own index settings; a machine may have only those."""
    broken = tmp_path / "bin" / "uv"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'error: no such index' >&2\nexit 2\n")
    broken.chmod(0o755)
    path = os.pathsep.join([str(broken.parent), clean_environment()["PATH"]])
    checkout = copy("pip-only")
    ended = checkout.run("keywords", "view", env={"PATH": path})
    assert ended.code == 0, ended.err
    assert "adding pip" in ended.out
    assert "Open Live View" in ended.out
    assert "no such index" in (checkout.root / "results" / "install.log").read_text(encoding="utf-8")


def by_pip(_root: Path, venv: Path) -> list[list[str | Path]]:
    return [
        [base_python(), "-m", "venv", venv],
        [venv / "bin" / "pip", "install", "--quiet", "-r", "requirements.txt"],
    ]


def by_uv(root: Path, venv: Path) -> list[list[str | Path]]:
    uv = Path(sys.executable).with_name("uv")
    return [
        [uv, "venv", "--quiet", "--python", base_python(), venv],
        [uv, "pip", "install", "--quiet", "--python", venv, "-r", root / "requirements.txt"],
    ]


@pytest.mark.nightly
@pytest.mark.parametrize("installer", [by_pip, by_uv])
def test_requirements_txt_is_all_that_plain_pabot_needs(
    copy: Copy, tmp_path: Path, installer: Callable[[Path, Path], list[list[str | Path]]]
) -> None:
    """Without run.py, and from a folder that is not the checkout's."""
    root, venv, elsewhere = copy("plain").root, tmp_path / "v", tmp_path / "elsewhere"
    elsewhere.mkdir()
    for command in installer(root, venv):
        subprocess.run(command, cwd=root, env=clean_environment(), check=True)
    activated = clean_environment()
    activated |= {"VIRTUAL_ENV": str(venv), "PATH": os.pathsep.join([str(venv / "bin"), activated["PATH"]])}
    command = [venv / "bin" / "pabot", "--pabotlibport", "0", "--include", "smoke", root / "suites"]
    try:
        done = subprocess.run(command, cwd=elsewhere, env=activated, capture_output=True, text=True, check=False)
    finally:
        subprocess.run([venv / "bin" / "python", "-P", "-m", "simulator", "down"], env=activated, check=True)
    assert done.returncode == 0, done.stdout[-3000:]
    assert (elsewhere / "output.xml").exists()
