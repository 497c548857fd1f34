"""The manifests of deploy/ and what a run makes of them, as the API server of the simulated cluster takes them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from support.cluster_fixtures import Cluster, module_cluster

from pipeline.k8s import manifests
from pipeline.k8s.manifests import Phase


@pytest.fixture(scope="module", name="cluster")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from module_cluster(tmp_path_factory)


def apply(cluster: Cluster, *objects: dict[str, Any], code: int = 0, dry_run: str = "none") -> str:
    options = ("apply", "--server-side", "--force-conflicts", f"--dry-run={dry_run}", "--filename", "-")
    return cluster.kubectl(*options, text=yaml.safe_dump_all(objects), code=code)


@pytest.mark.parametrize("overlay", manifests.names())
def test_every_object_is_accepted(cluster: Cluster, overlay: str) -> None:
    made = manifests.render(overlay, namespace=f"tests-{overlay}")
    shown = apply(cluster, *made.standing)
    assert shown.count("serverside-applied") == len(made.standing)
    job = manifests.phase_job(made, "run-1", Phase("shards", 1, 4), 5, ["--yes"])
    owner = copy.deepcopy(job)
    owner["metadata"]["uid"] = "00000000-0000-0000-0000-000000000000"
    of_a_run = [job, manifests.inputs(made, "run-1", {"plan.json": "{}"}, owner), manifests.collector(made, "run-1")]
    shown = apply(cluster, *of_a_run, dry_run="server")
    assert shown.count("serverside-applied (server dry run)") == len(of_a_run)


def test_a_job_that_a_real_cluster_would_refuse_is_refused(cluster: Cluster) -> None:
    made = manifests.render("simulated")
    job = manifests.phase_job(made, "run-1", Phase("shards", 1, 4), 4, [])
    job["spec"]["template"]["spec"]["restartPolicy"] = "OnFailure"
    job["spec"]["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"] = [0]
    apply(cluster, made.standing[0])
    complaint = apply(cluster, job, code=1, dry_run="server")
    assert "spec.podFailurePolicy" in complaint
