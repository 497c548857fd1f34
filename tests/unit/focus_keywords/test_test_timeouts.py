"""Robot Framework's test timeout stops each kind of wait soon; here every service takes connections and is silent."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from focus_core.site import loader as site_loader
from robot.api import ExecutionResult

TIMEOUT_S = 0.3
# How late a wait may be broken off on a busy machine; the shortest of them goes on for five seconds.
LATE_S = 3.0

# One word for each way to wait: sockets, gRPC, drivers, several threads, sleeping.
WAITS = {
    "all services at once": "Every Service Should Answer",
    "REST": "Ask Focus Server    GET    /ack",
    "REST, several at once": "Concurrent Requests Should Be Answered Alike    /ack    at_once=5",
    "REST, views at once": "Open Views At The Same Time    5",
    "REST, a burst of views": "Ask For Views At Once    5",
    "web app": "Web App Should Accept Login Of The Site's User",
    "MongoDB": "Get Recording Count",
    "AMQP": "Bind Private Queue",
    "management": "List Durable Queues",
    "Kubernetes": "Get Nodes",
    "SSH": "Log Into The Node",
    "TLS": "TLS Should Be Valid",
    "stream": "Stream Should Be Refused    ${VIEW}    0",
    "streams at once": "Read Streams Of View    ${VIEW}    at_least=1",
    "streams to their end": "Read Streams Of View To Their End    ${VIEW}    within=60",
    "streams while asking": "View Should Stream Steadily    ${VIEW}    seconds=60",
    "streams while changing": "Open Stream Should Follow ROI Changes    ${VIEW}    1-5",
    "streams while closing": "Closing The View Should End Its Streams    ${VIEW}",
}
# Who stops an import stops no wait.
WARM_UP = """Site Is Loaded
    [Timeout]    NONE
    Log    ${SITE_DATA.name}
"""
VIEW = """
import grpc, kubernetes, paramiko, pika, pymongo
from focus_core.run import probes
probes.require_alive = lambda *_, **__: None  # what is found of one service must not spare the next test its wait
from focus_core.run.listener import FocusListener
FocusListener.attaches_evidence = False  # the pods' logs would be waited for after each test
from focus_core.server.client import Exchange
from focus_core.views.view import View, ViewRequest, ViewType, read_answer
answer = {"job_id": "7-12", "stream_amount": 3, "stream_port": PORT, "stream_url": "http://127.0.0.1", "lines_dt": 0.01}
request = ViewRequest(ViewType.MultiChannel, (11, 13), 1024, (0, 5), 10, 1000, (0, 60))
VIEW = View(request, read_answer(answer), Exchange("POST", "", "", 200, {}, "", 0.1))
"""


@pytest.fixture(scope="module")
def silent_port() -> Iterator[int]:
    """Connections are taken by the system and never answered."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as server:
        yield int(server.getsockname()[1])


@pytest.fixture(scope="module")
def outcomes(silent_port: int, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """How each test of a run ended on a site whose services are silent."""
    folder = tmp_path_factory.mktemp("silent")
    (folder / "view.py").write_text(VIEW.replace("PORT", str(silent_port)), encoding="utf-8")
    words = "\n".join(f"{name}\n    {call}" for name, call in WAITS.items())
    libraries = "\n".join(f"Library    {path.stem}" for path in Path("libraries").glob("*Library.py"))
    (folder / "waits.robot").write_text(
        f"*** Settings ***\n{libraries}\nVariables    view.py\nResource    node.resource\n"
        "Suite Setup    Open Site\nSuite Teardown    Close Site\n"
        f"Test Timeout    {TIMEOUT_S} s\n\n*** Test Cases ***\n{WARM_UP}{words}\n",
        encoding="utf-8",
    )
    site = silent_site(folder, silent_port)
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{site}", "--log", "NONE", "--report", "NONE"]
    subprocess.run([*command, "waits.robot"], cwd=folder, stdout=subprocess.DEVNULL, check=False, timeout=120)
    return {test.name: test for test in ExecutionResult(folder / "output.xml").suite.all_tests}


@pytest.mark.parametrize("name", WAITS)
def test_a_test_timeout_stops_each_kind_of_wait(name: str, outcomes: dict[str, Any]) -> None:
    test = outcomes[name]
    assert test.message == "Test timeout 300 milliseconds exceeded."
    assert test.elapsed_time.total_seconds() < TIMEOUT_S + LATE_S


def silent_site(folder: Path, port: int) -> Path:
    content: dict[str, Any] = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text("password-of-nobody", encoding="utf-8")
    (folder / "kubeconfig").write_text(yaml.safe_dump(kubeconfig(port)), encoding="utf-8")
    for service in ("mongodb", "rabbitmq", "node"):
        content[service] |= {"host": "127.0.0.1", "port": port, "password": {"file": str(secret)}}
    content["rabbitmq"]["management_url"] = f"http://127.0.0.1:{port}"
    content["focus"]["url"] = f"https://127.0.0.1:{port}/focus-server"
    content["webapp"]["url"] = f"https://127.0.0.1:{port}/prisma/api"
    content["kubernetes"] |= {"kubeconfig": str(folder / "kubeconfig"), "context": "silent"}
    content["users"][0]["password"] = {"file": str(secret)}
    content |= {"name": "silent", "state_dir": str(folder), "reserve": None}
    path = folder / "site.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def kubeconfig(port: int) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": f"https://127.0.0.1:{port}"}}],
        "users": [{"name": "u", "user": {"token": "t"}}],
        "contexts": [{"name": "silent", "context": {"cluster": "c", "user": "u"}}],
    }


def test_no_library_waits_for_threads_whatever_happens() -> None:
    users = [path for path in Path("libraries").rglob("*.py") if "ThreadPoolExecutor" in path.read_text("utf-8")]
    assert users == []
