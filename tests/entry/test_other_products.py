"""Other products' projects, outside this checkout, with the wheel of the shared parts: from nothing, and the sample."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

import psutil
import pytest
from focus_core.base.waiting import wait_until
from support.checkout import clean_environment

from pipeline.paths import ROOT
from pipeline.product import making, wheel

pytestmark = pytest.mark.nightly
SITE_S = 400
# What the sample needs beside the shared parts: its README names it.
OF_SAMPLE = ("pymongo", "pika", "secantusdb")
WHERE = "import focus_core, pipeline, simulator; print(focus_core.__file__, pipeline.__file__, simulator.__file__)"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment of its own with the wheel and what it asks for, from the index of this machine."""
    folder = tmp_path_factory.mktemp("product")
    built = wheel.build(folder, "1.2.3")
    venv.create(folder / "venv", with_pip=True)
    found = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    install(found, str(built))
    return found


def install(python: Path, *wanted: str) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environment())
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return clean_environment() | {"XDG_STATE_HOME": str(tmp_path / "state"), "PATH": programs}


def run(python: Path, folder: Path, environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(python), "run.py", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SITE_S, check=False
    )


def processes_of(folder: Path) -> list[str]:
    """What still runs with the Python of that environment."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any(str(folder) in word for word in process.info["cmdline"] or ()):
            found.append(" ".join(process.info["cmdline"]))
    return found


def test_the_shared_parts_come_from_the_wheel(python: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [python, "-c", WHERE], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert len(done.stdout.split()) == 3
    assert all(Path(file).is_relative_to(python.parents[1]) for file in done.stdout.split())


def test_a_new_product_is_green_from_nothing(python: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    folder = making.make("snow plough", tmp_path)
    done = run(python, folder, environment, "test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed, 0 failed" in done.stdout
    assert "Snow Plough test on simulated - SIMULATED" in done.stdout
    assert processes_of(python.parents[1]) == []


def test_a_suite_that_fails_makes_the_run_red(python: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    folder = making.make("snow plough", tmp_path)
    server = folder / "site" / "snow_plough_site" / "server.py"
    server.write_text(server.read_text(encoding="utf-8").replace('"ok"', '"ill"'), encoding="utf-8")
    done = run(python, folder, environment, "test")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "ill != ok" in done.stdout


def test_a_run_that_is_killed_leaves_nothing(python: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    folder = making.make("snow plough", tmp_path)
    suite = folder / "suites" / "api" / "health.robot"
    suite.write_text(f"{suite.read_text(encoding='utf-8')}    Sleep    30s\n", encoding="utf-8")
    with (tmp_path / "run.log").open("wb") as log:
        running = subprocess.Popen([str(python), "run.py", "test"], cwd=folder, env=environment, stdout=log, stderr=log)
    wait_until("The tests", lambda: list(folder.glob("results/runs/*/pod_logs/journal/*.jsonl")), timeout=SITE_S)
    running.kill()
    running.wait()
    # Site and monitor end at once, robot with its last test.
    wait_until("What the run had started", lambda: not processes_of(python.parents[1]), timeout=120, interval=1)


def test_the_sample_runs_with_load_monitor_and_xray(python: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    install(python, *(f"{name}=={version(name)}" for name in OF_SAMPLE))
    folder = tmp_path / "weather_station"
    shutil.copytree(
        ROOT / "examples" / "weather_station", folder, ignore=shutil.ignore_patterns("results", "__pycache__")
    )
    done = run(python, folder, environment, "test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed, 0 failed" in done.stdout
    latest = folder / "results" / "latest"
    metrics = json.loads((latest / "metrics.json").read_text(encoding="utf-8"))
    assert {test["key"] for test in metrics["tests"]} == {"WS-N001", "WS-2", "WS-3", "WS-4", "WS-5", "WS-6"}
    # The monitor followed the pods, and tells whose request a line is about.
    (refused,) = latest.glob("pod_logs/tests/What_Is_No_Reading*.log")
    own = [line for line in refused.read_text(encoding="utf-8").splitlines() if not line.startswith("(")]
    assert sum("POST /readings 422" in line for line in own) == 5
    assert json.loads((latest / "pod_logs" / "summary.json").read_text(encoding="utf-8"))["banner"] == ""
    exported = run(python, folder, environment, "xray", "export")
    assert exported.returncode == 0, exported.stderr
    sent = json.loads(exported.stdout)
    assert sent["info"]["fields"]["project"]["key"] == "WS"
    assert {test["testKey"]: test["status"] for test in sent["tests"]} == dict.fromkeys(
        ("WS-2", "WS-3", "WS-4", "WS-5", "WS-6"), "PASSED"
    )
    assert processes_of(python.parents[1]) == []
