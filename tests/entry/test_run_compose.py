"""Suites that are composed by doing: played in the shell, recorded by the proxy. Long: part of 'run.py test --all'."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from support import site_commands
from support.checkout import ROOT, Checkout, Ended, clean_environment, wait_for

pytestmark = pytest.mark.nightly

SANDBOX = ROOT / "suites" / "sandbox"
NAME = "composed by a test"
VIEW = {
    "displayTimeAxisDuration": 10,
    "nfftSelection": 1024,
    "displayInfo": {"height": 1000},
    "channels": {"min": 11, "max": 109},
    "frequencyRange": {"min": 0, "max": 500},
    "start_time": None,
    "end_time": None,
    "view_type": 0,
}

TASKS = {
    "a view": """\
${view} =    Open Live View    channels=11-109    nfft=1024    frequency=0-1000 Hz
View Should Answer What Was Asked    ${view}
Get View Field    ${view}    frequencies_amount    ==    512
View Should Be Running    ${view}
Close View    ${view}
View Should Be Gone    ${view}
""",
    "frames": """\
${view} =    Open Live View    channels=1-8
Every Stream Should Deliver Frames    ${view}    at_least=3
Metadata Should Match The View    ${view}
""",
    "recordings": """\
${recordings} =    Get Recordings    since=1 day ago    state=historic    order=longest    first=3
Length Should Be    ${recordings}    3
Get Recording Count    >=    3    since=1 day ago    state=historic
${recording} =    Find A Recording    at_least=10 seconds
${view} =    Open Historic View    ${recording}    channels=11-20
Playback Should Finish    ${view}
""",
    "an alert": "Alert Should Reach The Operator | SD | high | 1250 m\n",
    "the node": """\
Log Into The Node
Node Should See Workload    ${SITE_DATA.workloads.mongodb}
Pods Of Workload Should Be Ready    mongodb
""",
}


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[site_commands.Site]:
    with site_commands.running_site(tmp_path_factory.mktemp("composed") / "site") as site:
        yield site


@pytest.fixture(autouse=True)
def _own_suites_only() -> Iterator[None]:
    yield
    for path in SANDBOX.glob(f"{NAME.replace(' ', '_')}*.robot"):
        path.unlink()


def file_of(site: site_commands.Site) -> str:
    return str(Path(site["state_dir"]) / "site.yaml")


def start(here: Checkout, site: site_commands.Site, command: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [here.base, "-u", "run.py", command, "--site", file_of(site), *args],
        cwd=here.root,
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def shell(here: Checkout, site: site_commands.Site, lines: str) -> Ended:
    process = start(here, site, "shell")
    out, err = process.communicate(lines, timeout=300)
    return Ended(process.returncode, out, err)


def jobs(site: site_commands.Site, out: str) -> list[int]:
    """What the site answers to a question about each job that a text names."""
    web, login = site_commands.web(site), site_commands.bearer(site)
    found = dict.fromkeys(re.findall(r"(?:Job|job_id) +(\d+-\d+)", out))
    return [web.get(f"{site['focus']['url']}/ack/{job}", headers=login, timeout=10).status_code for job in found]


def test_five_tasks_played_in_the_shell_are_suites_that_pass(here: Checkout, living: site_commands.Site) -> None:
    asked = []
    for task, lines in TASKS.items():
        ended = shell(here, living, f"{lines}save {NAME} {task}\n")
        assert ended.code == 0, ended.out + ended.err
        asked += jobs(living, ended.out)
    assert asked == [404] * 3  # one view in each of three tasks
    suites = sorted(str(path.relative_to(ROOT)) for path in SANDBOX.glob("composed_by_a_test_*.robot"))
    assert len(suites) == len(TASKS)
    assert "Open Site    rest    kubernetes    ssh" in (SANDBOX / "composed_by_a_test_the_node.robot").read_text()
    checked = subprocess.run(
        [sys.executable, "-m", "robocop", "check", *suites], cwd=ROOT, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout
    ended = here.run("try", "--site", file_of(living), *suites)
    assert ended.code == 0, ended.out + ended.err
    assert f"{len(TASKS)} tests, {len(TASKS)} passed" in ended.out


def test_a_failed_line_is_named_the_next_ones_run_and_everything_is_removed(
    here: Checkout, living: site_commands.Site
) -> None:
    check = "Get View Field    ${view}    stream_amount    ==    9"
    ended = shell(here, living, f"Opne Live View\n${{nosuch}}\n${{view}} =    Open Live View\n{check}\nmade\n")
    assert ended.code == 1
    assert "Did you mean:\n    ViewLibrary.Open Live View" in ended.out
    assert "failed: Variable '${nosuch}' not found." in ended.out
    assert re.search(r"failed: stream_amount of the .*'9'", ended.out)
    assert "3 of 5 lines failed." in ended.out
    assert jobs(living, ended.out) == [404]


def test_a_shell_that_is_ended_while_a_word_works_removes_what_was_made(
    here: Checkout, living: site_commands.Site
) -> None:
    ending = "Evaluate    os.kill(os.getpid(), signal.SIGTERM)    modules=os, signal"
    ended = shell(here, living, f"${{view}} =    Open Live View\n{ending}\n${{other}} =    Open Live View\n")
    assert ended.code == 253
    assert re.search(r"failed: .*Stopped\.", ended.out)
    assert "other" not in ended.out
    assert jobs(living, ended.out) == [404]


class Recording:
    """A recording that goes on; requests go through its proxy."""

    def __init__(self, here: Checkout, site: site_commands.Site, name: str, *options: str) -> None:
        self.process = start(here, site, "record", name, *options)
        assert self.process.stdout
        self.said = ""
        while "curl --cacert" not in self.said:
            line = self.process.stdout.readline()
            assert line, self.said + (self.process.stderr.read() if self.process.stderr else "")
            self.said += line
        self.rest = re.findall(r"^rest +(\S+)", self.said, re.MULTILINE)[0]
        self.web = requests.Session()
        self.web.trust_env = False
        self.web.verify = re.findall(r"--cacert (\S+)", self.said)[0]

    def ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        return self.web.request(method, self.rest + path, json=body, timeout=30)

    def end(self) -> None:
        out, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, self.said + out + err


def test_eight_recorded_requests_are_a_suite_that_passes_and_fails_under_a_defect(
    here: Checkout, living: site_commands.Site
) -> None:
    recording = Recording(here, living, NAME, "--stop-after", "8")
    recording.ask("GET", "/channels")
    job = recording.ask("POST", "/configure", VIEW).json()["job_id"]
    state = f"/ack/{job}"
    wait_for("the job", lambda: is_running(living, state))
    recording.ask("GET", state)
    recording.ask("GET", f"/metadata/{job}")
    refused = recording.ask("POST", "/configure", VIEW | {"nfftSelection": 8192})
    assert refused.status_code == 400
    recording.ask("GET", "/no/such/path")
    recording.ask("DELETE", f"/job/{job}")
    recording.ask("GET", state)
    recording.end()

    path = SANDBOX / "composed_by_a_test.robot"
    text = path.read_text()
    assert job not in text
    assert "    # No word yet: GET /no/such/path.\n" in text
    token = site_commands.bearer(living)["Authorization"].removeprefix("Bearer ")
    assert token[:20] not in text
    played = here.run("try", "--site", file_of(living), str(path.relative_to(ROOT)))
    assert played.code == 0, played.out + played.err
    site_commands.switch(living, "on", "wrong-channel-amount")
    try:
        broken = here.run("try", "--site", file_of(living), str(path.relative_to(ROOT)))
    finally:
        site_commands.switch(living, "off", "wrong-channel-amount")
    assert broken.code == 1, broken.out + broken.err
    assert "channel_amount" in broken.out


def test_ctrl_c_ends_a_recording_and_the_draft_is_written(here: Checkout, living: site_commands.Site) -> None:
    recording = Recording(here, living, NAME)
    assert recording.ask("GET", "/ack").status_code == 200
    recording.process.send_signal(signal.SIGINT)
    recording.end()
    assert "    Focus Server Should Answer\n" in (SANDBOX / "composed_by_a_test.robot").read_text()


def is_running(site: site_commands.Site, state: str) -> bool:
    """Asked past the proxy: waiting is no part of what is recorded."""
    answer = site_commands.web(site).get(
        f"{site['focus']['url']}{state}", headers=site_commands.bearer(site), timeout=10
    )
    return bool(answer.json()["status"] == "running")


class Typist:
    """A shell in a terminal, and what it shows."""

    def __init__(self, here: Checkout, site: site_commands.Site) -> None:
        self._code: int | None = None
        self._child, self._terminal = pty.fork()
        if not self._child:
            os.chdir(here.root)
            arguments = [here.base, "run.py", "shell", "--site", file_of(site)]
            os.execve(here.base, arguments, clean_environment() | {"TERM": "xterm"})  # noqa: S606
        self.shown = ""
        self._raw = b""

    def type(self, keys: str, until: str) -> None:
        """Types, and waits for what is shown because of it, a pattern."""
        self.shown, self._raw = "", b""
        os.write(self._terminal, keys.encode())
        wait_for(until, lambda: self._read() and bool(re.search(until, self.shown, re.DOTALL)))

    def end(self) -> int | None:
        """The exit code of a shell that has ended; one that has not is killed."""
        if self._code is None:
            if "log: " not in self.shown:
                os.kill(self._child, signal.SIGKILL)
            self._code = os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
        return self._code

    def _read(self) -> bool:
        if select.select([self._terminal], [], [], 0.1)[0]:
            with suppress(OSError):  # how the end of a terminal is reported on Linux
                self._raw += os.read(self._terminal, 65536)
            if self._raw.endswith(b"\x1b[6n"):  # a terminal that is asked where its cursor is
                os.write(self._terminal, b"\x1b[1;1R")
            self.shown = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", self._raw.decode("utf-8", "replace"))
        return True


def test_a_tester_types_with_completion_documentation_and_ctrl_c(
    here: Checkout,
    living: site_commands.Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    typist = Typist(here, living)
    request.addfinalizer(typist.end)
    typist.type("", "simulated>")
    typist.type("View Should Answer W\t", "View Should Answer What Was Asked")
    typist.type("\x15Open Live View    chan\t", "channels=")
    typist.type("1-8\x1bOP", "the short form of `Open View`.*simulated>")
    typist.type("\r", "job_id.*simulated>")
    typist.type("No Operation    password=hidden\r", "failed:.*simulated>")
    # What is typed is shown too, so the word itself has to say that it works.
    typist.type("Run Keywords    Log To Console    ${{'at' + ' work'}}    AND    Sleep    5 minutes\r", "at work")
    typist.type("\x03", r"Stopped\..*simulated>")
    typist.type("made\r", "Job .*simulated>")
    typist.type("\x04", "log: ")
    assert typist.end() == 0
    history = (tmp_path / "focus-acceptance" / "shell_history").read_text()
    assert "+Open Live View    channels=1-8\n" in history
    assert "hidden" not in history
