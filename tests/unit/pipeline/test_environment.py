"""What run.py knows before anything is installed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import environment

LOCK = """\
aiohttp==3.14.5 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
uv==0.13.9 ; sys_platform != 'x' \\
    --hash=sha256:cc
uvicorn==0.54.0 \\
    --hash=sha256:dd
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like the project, with an environment that has a Python."""
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(environment, "MARKER", tmp_path / ".venv" / "installed.json")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "python")
    (tmp_path / "requirements.lock").write_text(LOCK)
    (tmp_path / "pyproject.toml").write_text("[project]")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "python").touch()
    return tmp_path


def complete() -> None:
    environment.MARKER.write_text(json.dumps(environment.wanted()))


@pytest.mark.usefixtures("project")
def test_one_package_of_the_lock_comes_with_its_own_hashes_only() -> None:
    assert environment.locked("uv") == "uv==0.13.9 ; sys_platform != 'x' \\\n    --hash=sha256:cc\n"


@pytest.mark.usefixtures("project")
def test_a_package_that_the_lock_lacks_is_named() -> None:
    with pytest.raises(environment.InstallError, match=r"does not hold nosuch"):
        environment.locked("nosuch")


@pytest.mark.usefixtures("project")
def test_an_environment_without_its_marker_is_not_complete() -> None:
    assert environment.installed() is None
    complete()
    assert environment.installed() == environment.wanted()


@pytest.mark.usefixtures("project")
def test_a_marker_cut_short_does_not_count() -> None:
    environment.MARKER.write_text('{"packages": "ab')
    assert environment.installed() is None


def test_a_marker_without_a_python_does_not_count(project: Path) -> None:
    complete()
    (project / ".venv" / "python").unlink()
    assert environment.installed() is None


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_seen(project: Path, name: str) -> None:
    complete()
    (project / name).write_text("changed")
    assert environment.installed() != environment.wanted()


def test_a_moved_folder_is_seen(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = environment.wanted()
    monkeypatch.setattr(environment, "ROOT", project / "." / ".." / project.name)
    assert environment.wanted() != before


@pytest.mark.usefixtures("project")
def test_an_environment_of_another_recipe_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    complete()
    monkeypatch.setattr(environment, "RECIPE", "another")
    calls: list[str] = []
    monkeypatch.setattr(environment, "make_venv", lambda: calls.append("venv"))
    monkeypatch.setattr(environment, "install", lambda: calls.append("install"))
    environment.ensure()
    assert calls == ["venv", "install"]


@pytest.mark.usefixtures("project")
def test_nothing_is_installed_when_the_marker_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    complete()
    monkeypatch.setattr(environment, "install", lambda: pytest.fail("installed again"))
    environment.ensure()


def test_a_changed_lock_is_installed_over_what_is_there(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complete()
    (project / "requirements.lock").write_text(LOCK + "new")
    calls: list[str] = []
    monkeypatch.setattr(environment, "works", lambda: True)
    monkeypatch.setattr(environment, "make_venv", lambda: calls.append("venv"))
    monkeypatch.setattr(environment, "install", lambda: calls.append("install"))
    environment.ensure()
    assert calls == ["install"]
    assert environment.installed() == environment.wanted()


@pytest.mark.usefixtures("project")
def test_an_interrupted_installation_begins_anew_and_its_marker_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(environment, "make_venv", lambda: calls.append("venv"))

    def stopped() -> None:
        calls.append("install")
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "install", stopped)
    with pytest.raises(KeyboardInterrupt):
        environment.ensure()
    assert calls == ["venv", "install"]
    assert environment.installed() is None


@pytest.mark.parametrize(
    "output",
    [
        "error: Failed to fetch: `https://x/simple/uv/`\n  Caused by: error sending request for url",
        "Failed to establish a new connection: [Errno 111] Connection refused",
        "Temporary failure in name resolution",
        "client error (Connect)\n  Caused by: dns error: failed to lookup address information",
    ],
)
def test_a_missing_network_is_distinguished_from_other_failures(output: str) -> None:
    assert environment.NO_NETWORK.search(output)


def test_a_wrong_hash_is_not_a_missing_network() -> None:
    assert not environment.NO_NETWORK.search("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE")


def test_children_find_the_environment_and_write_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    child = environment.child_environment()
    assert "PYTHONDONTWRITEBYTECODE" not in child
    assert child["PATH"].split(os.pathsep)[0] == str(environment.BIN)
    assert child["VIRTUAL_ENV"] == str(environment.VENV)


def test_two_installations_never_run_at_once(project: Path) -> None:
    with environment.one_at_a_time():
        ask = f"""
import sys
from pathlib import Path
from pipeline import environment
with (Path({str(project)!r}) / "results" / ".install.lock").open("a+b") as file:
    sys.exit(0 if environment.try_lock(file.fileno()) else 7)
"""
        other = subprocess.run([sys.executable, "-c", ask], check=False)
    assert other.returncode == 7
