"""The shared parts as a wheel, built with hatchling from the files that `shared` names."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from pipeline.errors import RunError
from pipeline.paths import PYTHON, ROOT
from pipeline.product import shared

NAME = "acceptance-shared"
# The environment of the simulated cluster, RabbitMQ's files and the runs of Robot Framework.
DEPENDENCIES = (
    *("robotframework", "pydantic", "PyYAML", "requests", "filelock", "httptools", "hdrhistogram", "psutil"),
    *("aiohttp", "jsonpatch", "PyJWT", "cryptography", "kubernetes", "matplotlib"),
)
PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "{version}"
description = "The parts of the acceptance project that know no product"
requires-python = ">=3.11"
dependencies = {dependencies}

[tool.hatch.build.targets.wheel]
packages = ["focus_core", "pipeline", "simulator"]
"""


def build(into: Path, version: str) -> Path:
    """The wheel in that folder. Raises RunError with what hatchling said."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="focus-wheel-") as scratch:
        folder = Path(scratch)
        for name, path in shared.files():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        (folder / "pyproject.toml").write_text(_project(version), encoding="utf-8")
        command = [PYTHON, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into.absolute())]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last = ["hatchling said nothing", *done.stderr.strip().splitlines()][-1]
        raise RunError(f"The wheel was not built: {last}; 'python run.py doctor' names what is missing.")
    return into / f"{NAME.replace('-', '_')}-{version}-py3-none-any.whl"


def _project(version: str) -> str:
    pins = _pins()
    wanted = [pins.get(one.lower(), one) for one in DEPENDENCIES]
    return PROJECT.format(name=NAME, version=version, dependencies=wanted)


def _pins() -> dict[str, str]:
    """What this project pins, by the packages' names: the wheel asks for the same."""
    lines = (
        line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    )
    return {line.partition("==")[0].lower(): line for line in lines if "==" in line and ";" not in line}
