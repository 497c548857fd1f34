"""The tests of outages are worth running: each of these faults of the site makes the named test fail and name it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from robot.api import ExecutionResult
from support.site_commands import Site, running_site, simulator

PROJECT = Path(__file__).resolve().parents[2]

# Defect, suite, test that must notice it, words that its failure must hold.
FAULTS = [
    ("pod-not-replaced", "focus_server", "A Deleted Focus Server Pod*", "has another pod instead of"),
    ("crashes-once-more", "focus_server", "The Focus Server Recovers*", "restarts in all; seen"),
    ("mongo-forgets-writes", "mongodb", "A Deleted MongoDB Pod*", "had acknowledged were lost"),
    ("broker-forgets-queues", "rabbitmq", "Without RabbitMQ*", "no client was served again"),
    ("mongo-never-again", "mongodb", "A MongoDB Whose Network*", "answered 503 instead of 200"),
    ("live-needs-mongodb", "mongodb", "Losing MongoDB*", "answered 503 instead of 200"),
    ("history-without-mongodb", "mongodb", "A Frozen MongoDB*", "answered 200 instead of 503"),
    ("outage-leaves-job", "mongodb", "Without MongoDB*", "it started grpc-job-"),
    ("outage-not-logged", "mongodb", "Without MongoDB*", "has logged no error about MongoDB"),
    ("broker-outage-500", "rabbitmq", "A RabbitMQ Whose Network*", "answered 500 instead of 503"),
    ("cold-start-500", "focus_server", "Views Opened While*", "answered 500 instead of 503"),
    ("streams-end-with-server", "focus_server", "An Open View Outlives*", "stopped to deliver"),
    ("outage-reported-late", "focus_server", "Without Its Pod*", "instead of at most 5 s"),
    ("recorder-not-resuming", "recorder", "A Deleted Recorder*", "has begun a new recording"),
    ("recorder-drops-outage", "mongodb", "What Is Recorded*", "Recordings are listed for every second of"),
]


@pytest.fixture(scope="module")
def broken_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of our own: what its faults leave must not meet another test."""
    with running_site(tmp_path_factory.mktemp("broken"), "--time-scale", "0.1") as site:
        yield site


@pytest.mark.nightly
@pytest.mark.parametrize(("fault", "suite", "test", "words"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_test_of_outages_names_the_fault(
    broken_site: Site, tmp_path: Path, fault: str, suite: str, test: str, words: str
) -> None:
    def switch(way: str) -> None:
        done = simulator("defect", way, fault, "--state-dir", broken_site["state_dir"])
        assert done.code == 0, done.err

    command = [sys.executable, "-m", "robot", "--test", test, "--outputdir", str(tmp_path)]
    command += ["--variable", f"SITE:{broken_site['state_dir']}/site.yaml", f"suites/resilience/{suite}.robot"]
    switch("on")
    try:
        subprocess.run(command, cwd=PROJECT, capture_output=True, check=False, timeout=300)
    finally:
        switch("off")
    failures = [one.message for one in ExecutionResult(tmp_path / "output.xml").suite.all_tests if one.failed]
    assert any(words in message for message in failures), failures
