"""Each fault of the cluster or its node makes a test of the suites fail and name it; afterwards the site is right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from robot.api import ExecutionResult
from support.site_commands import Site, eventually, simulator

PROJECT = Path(__file__).resolve().parents[2]

# Defect, suite, test that must notice, words of its failure.
FAULTS = [
    ("kubernetes-unavailable", "connectivity/kubernetes", "The Cluster Reports Its Version And Its Nodes", "503"),
    (
        "node-not-ready",
        "connectivity/kubernetes",
        "The Cluster Reports Its Version And Its Nodes",
        "worker-node is not",
    ),
    ("node-not-ready", "cluster/workloads", "Every Node Is Ready", "worker-node"),
    ("focus-server-not-ready", "cluster/workloads", "Every Workload Is Healthy", "0 of 1 ready"),
    ("focus-server-not-ready", "cluster/workloads", "Pods Of Focus Server Are Ready", "probe failed"),
    ("focus-server-not-ready", "node/ssh", "Kubectl On The Node Sees Focus Server", "no ready pod"),
    (
        "focus-server-not-ready",
        "cluster/ports",
        "Every Workload Is Served On Its Ports",
        "no ready pod serves port 5000",
    ),
    ("mongodb-not-ready", "cluster/workloads", "Pods Of MongoDB Are Ready", "not ready"),
    ("mongodb-not-ready", "connectivity/kubernetes", "MongoDB Is Ready In The Cluster And Answers", "not ready"),
    ("mongodb-not-ready", "connectivity/kubernetes", "Every Pod Of The Workloads Runs And Is Ready", "not ready"),
    ("mongodb-not-ready", "connectivity/ssh", "The Node Reaches MongoDB", "ended with 1 on the node"),
    ("rabbitmq-not-ready", "cluster/workloads", "Pods Of RabbitMQ Are Ready", "not ready"),
    ("rabbitmq-not-ready", "connectivity/kubernetes", "RabbitMQ Is Ready In The Cluster And Answers", "not ready"),
    ("rabbitmq-not-ready", "connectivity/ssh", "The Node Reaches RabbitMQ", "ended with 1 on the node"),
    ("recorder-missing", "connectivity/kubernetes", "Every Workload Of The Site Is Listed", "segy-recorder"),
    (
        "recorder-without-limits",
        "cluster/resources",
        "Every Workload Declares What It Needs",
        "no request and limit of memory",
    ),
    ("recorder-crashes", "cluster/operation", "No Workload Is Restarted While A View Delivers Frames", "recorder"),
    ("service-port-wrong", "cluster/ports", "Every Port Of The Services Is Open From The Node", "port 9419"),
    ("no-job-id-label", "cluster/jobs_of_views", "A View Of A Hundred Channels *", "label job_id of jobs"),
    ("missing-field-500", "system/rollback", "A Request Without Any Field *", "POST /focus-server/configure 500"),
    ("metrics-missing", "cluster/resources", "The Pods Of Every Workload Are Measured", "is not measured"),
    ("pod-logs-lost", "cluster/operation", "Every Workload Has Logged Something", "Number of log lines"),
    ("requests-unlogged", "cluster/operation", "A Request Shows In The Log Of Focus Server", "seen: '0'"),
    ("requests-unlogged", "cluster/logs", "A Request Is Logged With The Id That Its Answer Bears", "seen: '0'"),
    ("job-log-empty", "cluster/logs", "A View Is Logged By Its Own Pod", "Number of log lines"),
    ("missing-field-500", "cluster/logs", "A Request That Is Refused Leaves No Error *", "to this test"),
    ("exec-broken", "cluster/operation", "A Command Runs In The Pods Of Focus Server", "could not be run in pod"),
    ("node-login-refused", "connectivity/ssh", "A Command Runs On The Node", "does not let 'operator' in"),
    ("node-disk-full", "node/ssh", "A File Survives The Way To The Node And Back", "came back changed"),
]


@pytest.mark.nightly
@pytest.mark.parametrize(("fault", "suite", "test", "words"), FAULTS, ids=[f"{row[0]}: {row[2]}" for row in FAULTS])
def test_a_test_names_the_fault(
    simulated_site: Site, tmp_path: Path, fault: str, suite: str, test: str, words: str
) -> None:
    state_dir = simulated_site["state_dir"]
    try:
        assert simulator("defect", "on", fault, "--state-dir", state_dir).code == 0
        # A probe has to fail three times before its pod is called not ready.
        found = eventually(lambda: _failure(state_dir, tmp_path, suite, test))
    finally:
        assert simulator("defect", "off", fault, "--state-dir", state_dir).code == 0
    eventually(lambda: not _failure(state_dir, tmp_path, suite, test))
    assert words in found


def _failure(state_dir: str, folder: Path, suite: str, test: str) -> str:
    output = folder / "output.xml"
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{state_dir}/site.yaml", "--test", test]
    command += ["--output", str(output), "--log", "NONE", "--report", "NONE", f"suites/{suite}.robot"]
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
    (only,) = ExecutionResult(output).suite.all_tests
    return only.message if only.failed else ""
