"""A dead site ends a run early in one sentence; what a killed run left is removed by the next sweep."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from focus_core.run import probes
from robot.api import ExecutionResult
from support.checkout import CLOSED, ROOT, Checkout, OwnSite, clean_environment, kill_with_children, wait_for

SiteFile = Callable[..., Path]
# The site file allows its Focus Server a minute for each answer; probes must not.
WITHIN_S = 55.0
# Interfaces that suites/api need and that the site file places at the silent port: each is asked once for all suites.
ASKED = 2

# A whole suite of the project's shape; it opens a view and then takes its time.
LEAVING = """\
*** Settings ***
Library           OperatingSystem
Library           Process
Resource          focus.resource
Suite Setup       Open Site    rest
Suite Teardown    Close Site

*** Test Cases ***
Leaves A Job
    ${{view}} =    Open Live View    channels=1-8
    Create File    {note}    ${{view.job_id}}
    Run Process    sleep    300
"""


class Silent:
    """A port where everything is accepted and nothing ever answered."""

    def __init__(self, server: socket.socket) -> None:
        self._server = server
        self.port = int(server.getsockname()[1])
        self.accepted: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):  # the end of the test
            while True:
                self.accepted.append(self._server.accept()[0])


@pytest.fixture
def silent() -> Iterator[Silent]:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as server:
        found = Silent(server)
        yield found
        server.shutdown(socket.SHUT_RDWR)
    for connection in found.accepted:
        connection.close()


def addresses(port: int) -> dict[str, object]:
    """The sections of a site file whose services all stand at this port."""
    return {
        "focus": {"url": f"http://127.0.0.1:{port}/focus-server", "auth": "token", "timeout": 60},
        "webapp": {"url": f"http://127.0.0.1:{port}/prisma/api", "site_id": "prisma-210-1000", "timeout": 30},
        "node": {"host": "127.0.0.1", "port": port, "username": "operator"},
        "capabilities": ["rest", "webapp", "grpc", "ssh"],
    }


def robot_on(site: Path, program: str, folder: Path, suites: list[str]) -> float:
    """Runs suites with plain robot or pabot, and returns the seconds that it took."""
    command = [str(Path(sys.executable).parent / program), "--outputdir", str(folder)]
    command += ["--pabotlibport", "0"] if program == "pabot" else []
    # As in an activated environment: pabot starts the robot on PATH.
    activated = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    begun = time.monotonic()
    done = subprocess.run(
        [*command, *suites],
        cwd=ROOT,
        env=clean_environment() | {"FOCUS_SITE": str(site), "PATH": activated},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return time.monotonic() - begun


def test_run_refuses_a_site_of_closed_ports_in_one_sentence(here: Checkout, site_file: SiteFile) -> None:
    begun = time.monotonic()
    ended = here.run("regression", "--site", str(site_file()))
    assert ended.code == 252
    assert ended.sentence.startswith("run.py: Site nobody is dead: nothing answers of rest.")
    assert CLOSED.rpartition("/")[0] in ended.sentence
    assert time.monotonic() - begun < WITHIN_S


@pytest.mark.nightly
def test_run_refuses_a_site_that_never_answers_in_one_sentence(
    here: Checkout, site_file: SiteFile, silent: Silent
) -> None:
    begun = time.monotonic()
    ended = here.run("regression", "--site", str(site_file(**addresses(silent.port))))
    assert ended.code == 252
    assert "is dead: nothing answers of rest, webapp, grpc, ssh." in ended.sentence
    assert time.monotonic() - begun < WITHIN_S


# pabot starts a process for each suite: a few show that they share a verdict.
FEW = [f"suites/api/{name}.robot" for name in ("error_bodies", "headers", "health", "jobs", "methods")]


@pytest.mark.parametrize(
    ("program", "suites"),
    [
        pytest.param("robot", ["suites/api"], id="robot"),
        pytest.param("pabot", FEW, id="pabot", marks=pytest.mark.nightly),
    ],
)
def test_plain_commands_fail_every_suite_with_the_same_sentence(
    site_file: SiteFile, silent: Silent, program: str, suites: list[str], tmp_path: Path
) -> None:
    site = site_file(**addresses(silent.port), state_dir=str(tmp_path / "state"))
    rounds = 1 + robot_on(site, program, tmp_path / "out", suites) // probes.VERDICT_LIFE_S
    assert len(silent.accepted) <= ASKED * rounds
    tests = list(ExecutionResult(tmp_path / "out" / "output.xml").suite.all_tests)
    # Suites that need what this site lacks by design are skipped.
    asked = [test for test in tests if not test.skipped]
    assert len(asked) > 10
    assert [test.full_name for test in asked if not test.failed] == []
    assert all("Site nobody is dead: nothing answers of" in test.message for test in asked)


@pytest.mark.nightly
def test_a_sweep_removes_what_a_killed_run_left(here: Checkout, own_site: OwnSite, tmp_path: Path) -> None:
    note = tmp_path / "note"
    (tmp_path / "leaving.robot").write_text(LEAVING.format(note=note))
    run = here.start("suites", "--site", str(own_site.file), str(tmp_path / "leaving.robot"))
    try:
        wait_for("the job", note.exists)
        job = note.read_text()
        assert f"grpc-job-{job}" in jobs_of(own_site)
    finally:
        kill_with_children(run)
    ended = here.run("sweep", "--site", str(own_site.file))
    assert ended.code == 0, ended.err
    assert f"Removed what a killed run left: jobs {job} of " in ended.out
    wait_for("the end of the job", lambda: f"grpc-job-{job}" not in jobs_of(own_site))
    assert "left nothing" in here.run("sweep", "--site", str(own_site.file)).out


def test_a_sweep_starts_no_site(here: Checkout, own_site: OwnSite) -> None:
    ended = here.run("sweep", "--site", str(own_site.file))
    assert (ended.code, own_site.is_up) == (0, False)
    assert "is not up" in ended.out


def jobs_of(site: OwnSite) -> str:
    content = yaml.safe_load((site.state_dir / "site.yaml").read_text())
    kubectl = Path(sys.executable).parent / "kubectl"
    command = [str(kubectl) if kubectl.exists() else "kubectl", "--kubeconfig", content["kubernetes"]["kubeconfig"]]
    command += ["--namespace", content["kubernetes"]["namespace"], "get", "jobs", "--output", "name"]
    return subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=True).stdout
