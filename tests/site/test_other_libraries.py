"""Robot libraries of others against the simulated site, each in an environment of its own with the clients it can use.

They know nothing of this project: what they cannot read, a stranger's suite cannot either.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from support.site_commands import Site, mongodb_login, running_site

from pipeline.paths import PYTHON

HERE = Path(__file__).parent / "other_libraries"
NAMESPACE = "panda"
# kubelibrary calls what later clients no longer have; mongodb-library uses methods that pymongo 4 removed.
KUBERNETES = ("robotframework-kubelibrary==0.8.11", "kubernetes==31.0.0")
MONGODB = ("robotframework-mongodb-library==3.2", "pymongo==3.13.0")
INSTALL_S = 300
RUN_S = 180

pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site", numbered=False)) as site:
        yield site


def test_kubelibrary_reads_every_kind(site: Site, tmp_path: Path) -> None:
    python = environment(tmp_path, *KUBERNETES)
    kubeconfig = site["kubernetes"]["kubeconfig"]
    assert robot(python, tmp_path, "kubelibrary.robot", KUBECONFIG=kubeconfig, NAMESPACE=NAMESPACE) == ""


def test_mongodb_library_reads_and_writes(site: Site, tmp_path: Path) -> None:
    python = environment(tmp_path, *MONGODB)
    login = mongodb_login(site)
    person = f"{quote(login['username'])}:{quote(login['password'])}"
    uri = f"mongodb://{person}@{login['host']}:{login['port']}/?authSource={login['authSource']}&directConnection=true"
    database = site["mongodb"]["database"]
    assert robot(python, tmp_path, "mongodb_library.robot", MONGODB_URI=uri, SITE_DATABASE=database) == ""


def environment(folder: Path, *packages: str) -> Path:
    """A new environment with the packages; the Python of it."""
    subprocess.run([PYTHON, "-m", "uv", "venv", "--quiet", folder / "venv"], check=True, timeout=INSTALL_S)
    python = folder / "venv/bin/python"
    install = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", python, "robotframework==7.5", *packages]
    subprocess.run(install, check=True, timeout=INSTALL_S)
    return python


def robot(python: Path, folder: Path, suite: str, **variables: str) -> str:
    """What robot prints when a test of the suite fails; nothing when all pass."""
    options = [option for name, value in variables.items() for option in ("--variable", f"{name}:{value}")]
    command = [python, "-m", "robot", "--outputdir", folder / "out", *options, HERE / suite]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=RUN_S, check=False, env=clean_environment()
    )
    return done.stdout + done.stderr if done.returncode else ""


def clean_environment() -> dict[str, str]:
    """Without what leads a Python or a client of this one's into the project."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FOCUS", "ROBOT"))}
