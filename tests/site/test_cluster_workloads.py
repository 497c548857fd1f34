"""Deployments, stateful sets, jobs, services and who cleans up after whom."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kubernetes.client.exceptions import ApiException
from support.cluster_fixtures import NAMESPACE, Cluster, eventually, job, module_cluster, pod_spec, workload
from support.loopback import free_port


@pytest.fixture(scope="module", name="cluster")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from module_cluster(tmp_path_factory)


def names(cluster: Cluster, selector: str) -> set[str]:
    return {one.metadata.name for one in cluster.pods(selector) if one.metadata.deletion_timestamp is None}


def available(cluster: Cluster, name: str, wanted: int) -> Any:
    def enough() -> Any:
        found = cluster.apps.read_namespaced_deployment(name, NAMESPACE)
        status = found.status
        complete = (status.ready_replicas or 0) == wanted == (status.replicas or 0)
        return found if complete and status.observed_generation == found.metadata.generation else None

    return eventually(enough, f"{wanted} pods of {name}")


def test_deployment_replaces_a_deleted_pod_under_another_name(cluster: Cluster) -> None:
    cluster.apps.create_namespaced_deployment(NAMESPACE, workload("Deployment", "web", pod_spec("work", "60", "0")))
    available(cluster, "web", 1)
    (old,) = names(cluster, "app=web")
    cluster.core.delete_namespaced_pod(old, NAMESPACE)
    (new,) = eventually(lambda: names(cluster, "app=web") - {old}, "replacement")
    assert new.startswith("web-")
    available(cluster, "web", 1)
    assert {"ScalingReplicaSet"} <= cluster.reasons("web")


def test_deployment_scales_to_zero_and_back(cluster: Cluster) -> None:
    cluster.apps.create_namespaced_deployment(NAMESPACE, workload("Deployment", "sized", pod_spec("work", "60", "0")))
    available(cluster, "sized", 1)
    for count in (3, 0, 1):
        cluster.apps.patch_namespaced_deployment_scale("sized", NAMESPACE, {"spec": {"replicas": count}})
        available(cluster, "sized", count)
        eventually(lambda count=count: len(cluster.pods("app=sized")) == count, f"{count} pods")
    assert cluster.apps.read_namespaced_deployment_scale("sized", NAMESPACE).status.replicas == 1


def test_new_template_rolls_through_a_new_replica_set(cluster: Cluster) -> None:
    body = workload("Deployment", "rolled", pod_spec("work", "60", "0"), replicas=3)
    cluster.apps.create_namespaced_deployment(NAMESPACE, body)
    available(cluster, "rolled", 3)
    before = names(cluster, "app=rolled")
    change = {"spec": {"template": {"metadata": {"annotations": {"again": "1"}}}}}
    cluster.apps.patch_namespaced_deployment("rolled", NAMESPACE, change)
    fewest = 3
    while names(cluster, "app=rolled") & before:
        ready = cluster.apps.read_namespaced_deployment("rolled", NAMESPACE).status.ready_replicas or 0
        fewest = min(fewest, ready)
        time.sleep(0.02)
    assert fewest >= 2, "maxUnavailable 25 % of 3 lets no pod be missing"
    available(cluster, "rolled", 3)
    sets = cluster.apps.list_namespaced_replica_set(NAMESPACE, label_selector="app=rolled").items
    assert sorted(one.spec.replicas for one in sets) == [0, 3]


def test_recreate_lets_the_old_pod_end_first(cluster: Cluster) -> None:
    port = free_port()
    ports = [{"containerPort": port, "hostPort": port}]
    spec = pod_spec("stubborn", container_ports=ports, terminationGracePeriodSeconds=1)
    body = workload("Deployment", "lone", spec, strategy={"type": "Recreate"})
    cluster.apps.create_namespaced_deployment(NAMESPACE, body)
    available(cluster, "lone", 1)
    (old,) = names(cluster, "app=lone")
    eventually(lambda: "stubborn of" in cluster.core.read_namespaced_pod_log(old, NAMESPACE), "its first line")
    change = {"spec": {"template": {"metadata": {"annotations": {"again": "1"}}}}}
    cluster.apps.patch_namespaced_deployment("lone", NAMESPACE, change)
    while old in (together := {one.metadata.name for one in cluster.pods("app=lone")}):
        assert together == {old}
        time.sleep(0.02)
    eventually(lambda: names(cluster, "app=lone"), "the new pod")
    available(cluster, "lone", 1)


def test_stateful_set_waits_for_the_pod_before(cluster: Cluster) -> None:
    probe = {"exec": {"command": ["test", "-e", "ok"]}}
    spec = pod_spec("work", "60", "0", container_readinessProbe=probe)
    cluster.apps.create_namespaced_stateful_set(NAMESPACE, workload("StatefulSet", "slow", spec, replicas=2))
    eventually(lambda: [one.status.phase for one in cluster.pods("app=slow")] == ["Running"], "slow-0")
    time.sleep(0.5)
    assert names(cluster, "app=slow") == {"slow-0"}
    cluster.kubectl("exec", "slow-0", "--", "touch", "ok")
    eventually(lambda: names(cluster, "app=slow") == {"slow-0", "slow-1"}, "slow-1")


def test_stateful_set_keeps_names_and_order(cluster: Cluster) -> None:
    body = workload("StatefulSet", "db", pod_spec("work", "60", "0"), replicas=2, serviceName="db")
    cluster.apps.create_namespaced_stateful_set(NAMESPACE, body)

    def ready() -> int:
        return int(cluster.apps.read_namespaced_stateful_set("db", NAMESPACE).status.ready_replicas or 0)

    eventually(lambda: ready() == 2, "both pods")
    pods = {one.metadata.name: one for one in cluster.pods("app=db")}
    assert set(pods) == {"db-0", "db-1"}
    assert pods["db-1"].metadata.creation_timestamp >= pods["db-0"].metadata.creation_timestamp
    old = pods["db-0"].metadata.uid
    cluster.core.delete_namespaced_pod("db-0", NAMESPACE)
    eventually(lambda: _uid(cluster, "db-0") not in ("", old), "db-0 again")
    eventually(lambda: ready() == 2, "both pods again")
    cluster.apps.patch_namespaced_stateful_set_scale("db", NAMESPACE, {"spec": {"replicas": 0}})
    eventually(lambda: not cluster.pods("app=db"), "no pods")


def _uid(cluster: Cluster, name: str) -> str:
    return next((one.metadata.uid for one in cluster.pods() if one.metadata.name == name), "")


def test_stateful_set_updates_its_pods(cluster: Cluster) -> None:
    cluster.apps.create_namespaced_stateful_set(NAMESPACE, workload("StatefulSet", "up", pod_spec("work", "60", "0")))
    old = eventually(lambda: _uid(cluster, "up-0"), "up-0")
    change = {"spec": {"template": {"metadata": {"annotations": {"again": "1"}}}}}
    cluster.apps.patch_namespaced_stateful_set("up", NAMESPACE, change)
    eventually(lambda: _uid(cluster, "up-0") not in ("", old), "a new up-0")


def test_job_completes_and_carries_its_labels(cluster: Cluster) -> None:
    made = cluster.batch.create_namespaced_job(NAMESPACE, job("good", pod_spec("work", "0.3", "0")))
    eventually(lambda: cluster.job_end("good") == "Complete", "completion")
    (pod,) = cluster.pods("job-name=good,made-by=good")
    assert pod.metadata.labels["controller-uid"] == made.metadata.uid
    assert pod.metadata.labels["batch.kubernetes.io/job-name"] == "good"
    assert pod.metadata.name.startswith("good-")
    status = cluster.batch.read_namespaced_job("good", NAMESPACE).status
    assert (status.succeeded, status.active, status.completion_time is not None) == (1, None, True)
    assert {"SuccessfulCreate", "Completed"} <= cluster.reasons("good")


def test_job_fails_at_its_back_off_limit(cluster: Cluster) -> None:
    cluster.batch.create_namespaced_job(NAMESPACE, job("bad", pod_spec("crash", "2")))
    eventually(lambda: cluster.job_end("bad") == "Failed", "failure")
    assert len(cluster.pods("job-name=bad")) == 1
    cluster.batch.create_namespaced_job(NAMESPACE, job("retried", pod_spec("crash", "2"), backoffLimit=2))
    eventually(lambda: cluster.job_end("retried") == "Failed", "failure")
    assert len(cluster.pods("job-name=retried")) == 3
    assert "BackoffLimitExceeded" in cluster.reasons("retried")


def test_deleted_pod_counts_as_a_failure_of_its_job(cluster: Cluster) -> None:
    for name, grace in (("unlucky", None), ("unluckier", 0)):
        cluster.batch.create_namespaced_job(NAMESPACE, job(name, pod_spec("work", "60", "0")))
        (pod,) = eventually(lambda name=name: cluster.pods(f"job-name={name}"), "the pod")
        cluster.running(pod.metadata.name)
        cluster.core.delete_namespaced_pod(pod.metadata.name, NAMESPACE, grace_period_seconds=grace)
        eventually(lambda name=name: cluster.job_end(name) == "Failed", "failure")
        assert cluster.batch.read_namespaced_job(name, NAMESPACE).status.failed == 1


def test_finished_job_goes_after_its_time_to_live(cluster: Cluster) -> None:
    body = job("brief", pod_spec("work", "0", "0"), ttlSecondsAfterFinished=2)
    cluster.batch.create_namespaced_job(NAMESPACE, body)
    eventually(lambda: cluster.job_end("brief") == "Complete", "completion")
    # Written in whole seconds, so never later than the end itself.
    completed = cluster.batch.read_namespaced_job_status("brief", NAMESPACE).status.completion_time
    eventually(lambda: _missing(cluster, "brief"), "removal")
    assert datetime.now(UTC) - completed >= timedelta(seconds=2)
    eventually(lambda: not cluster.pods("job-name=brief"), "removal of its pod")


def _missing(cluster: Cluster, name: str) -> bool:
    try:
        cluster.batch.read_namespaced_job(name, NAMESPACE)
    except ApiException as error:
        return error.status == 404
    return False


def test_job_with_parallel_pods(cluster: Cluster) -> None:
    body = job("many", pod_spec("work", "0.2", "0"), completions=4, parallelism=2)
    cluster.batch.create_namespaced_job(NAMESPACE, body)
    most = 0
    while cluster.job_end("many") != "Complete":
        most = max(most, sum(one.status.phase in ("Pending", "Running") for one in cluster.pods("job-name=many")))
    assert most <= 2
    assert len(cluster.pods("job-name=many")) == 4


def test_indexed_job_runs_every_index_and_a_killed_one_again(cluster: Cluster) -> None:
    """Index 1 ends for good with a code that the policy names; index 2 hangs until it is killed."""
    script = (
        'echo "$HOSTNAME $JOB_COMPLETION_INDEX"; [ $JOB_COMPLETION_INDEX != 1 ] || exit 42; '
        "[ $JOB_COMPLETION_INDEX != 2 ] || [ -e shared/killed ] || exec sleep 120"
    )
    volumes = [{"name": "shared", "hostPath": {"path": str(cluster.directory)}}]
    mounts = [{"name": "shared", "mountPath": "shared"}]
    spec = pod_spec(container_command=["sh", "-c", script], container_volumeMounts=mounts, volumes=volumes)
    policy = {"rules": [{"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [42]}}]}
    limits = {"backoffLimit": None, "backoffLimitPerIndex": 2, "maxFailedIndexes": 3, "podFailurePolicy": policy}
    cluster.apply(job("shards", spec, completions=5, parallelism=5, completionMode="Indexed", **limits))
    marked = "job-name=shards,batch.kubernetes.io/job-completion-index=2"
    (victim,) = eventually(lambda: [one for one in cluster.pods(marked) if one.status.phase == "Running"], "index 2")
    (cluster.directory / "killed").touch()
    cluster.core.delete_namespaced_pod(victim.metadata.name, NAMESPACE, grace_period_seconds=0)
    eventually(lambda: cluster.job_end("shards") == "Failed", "the end")
    status = cluster.batch.read_namespaced_job("shards", NAMESPACE).status
    assert (status.completed_indexes, status.failed_indexes) == ("0,2-4", "1")
    assert (status.succeeded, status.failed, status.active) == (4, 2, None)
    conditions = {one.type: one.reason for one in status.conditions}
    assert conditions == {"FailureTarget": "FailedIndexes", "Failed": "FailedIndexes"}
    (again,) = cluster.pods(marked)
    assert again.metadata.annotations["batch.kubernetes.io/job-index-failure-count"] == "1"
    assert again.metadata.name.startswith("shards-2-")
    assert cluster.kubectl("logs", again.metadata.name) == "shards-2 2\n"
    described = " ".join(cluster.kubectl("describe", "job", "shards").split())
    for text in ("Completion Mode: Indexed", "Completed Indexes: 0,2-4", "0 Active (0 Ready) / 4 Succeeded / 2 Failed"):
        assert text in described
    titles, row, *_ = cluster.kubectl("get", "job", "shards", "-o", "wide").splitlines()
    assert titles.split() == ["NAME", "STATUS", "COMPLETIONS", "DURATION", "AGE", "CONTAINERS", "IMAGES", "SELECTOR"]
    assert row.split()[:3] == ["shards", "Failed", "4/5"]


def test_sigterm_reaches_the_program_of_a_pod_and_not_what_it_started(cluster: Cluster) -> None:
    """Long before its grace period is over; a child that got the signal too would end before its parent wants it."""
    script = (
        "trap 'sleep 0.2; echo ended > shared/ended; exit 0' TERM; "
        "sh -c \"trap 'echo hit > shared/hit' TERM; while :; do sleep 0.05; done\" & "
        "touch shared/begun; while :; do sleep 0.05; done"
    )
    shared = cluster.directory / "graceful"
    volumes = [{"name": "shared", "hostPath": {"path": str(shared), "type": "DirectoryOrCreate"}}]
    mounts = [{"name": "shared", "mountPath": "shared"}]
    spec = pod_spec(container_command=["sh", "-c", script], container_volumeMounts=mounts, volumes=volumes)
    cluster.apply(job("graceful", {**spec, "terminationGracePeriodSeconds": 300}))
    eventually(lambda: (shared / "begun").exists(), "its begin")
    cluster.kubectl("delete", "job", "graceful")
    eventually(lambda: not cluster.pods("job-name=graceful"), "its end")
    assert (shared / "ended").exists()
    assert not (shared / "hit").exists()


def test_what_belongs_to_a_deleted_job_goes_with_it(cluster: Cluster) -> None:
    owner = cluster.batch.create_namespaced_job(NAMESPACE, job("owner", pod_spec("work", "60", "0")))
    reference = {"apiVersion": "batch/v1", "kind": "Job", "name": "owner", "uid": owner.metadata.uid}
    service = {
        "metadata": {"name": "owned", "ownerReferences": [reference]},
        "spec": {"ports": [{"port": 80}], "selector": {"job-name": "owner"}},
    }
    cluster.core.create_namespaced_service(NAMESPACE, service)
    cluster.batch.delete_namespaced_job("owner", NAMESPACE, propagation_policy="Background")
    services = cluster.core.list_namespaced_service
    eventually(lambda: "owned" not in [one.metadata.name for one in services(NAMESPACE).items], "the service's end")
    eventually(lambda: not cluster.pods("job-name=owner"), "the pod's end")


def test_orphans_stay(cluster: Cluster) -> None:
    cluster.batch.create_namespaced_job(NAMESPACE, job("parent", pod_spec("work", "60", "0")))
    (pod,) = eventually(lambda: cluster.pods("job-name=parent"), "the pod")
    cluster.batch.delete_namespaced_job("parent", NAMESPACE, propagation_policy="Orphan")
    eventually(lambda: _missing(cluster, "parent"), "removal of the job")
    time.sleep(0.3)
    assert cluster.pod(pod.metadata.name).metadata.owner_references is None


def test_service_has_ports_and_endpoints_of_ready_pods(cluster: Cluster) -> None:
    port = free_port()
    ports = [{"containerPort": 5000, "hostPort": port, "name": "grpc"}]
    probe = {"tcpSocket": {"port": port}}
    spec = pod_spec("serve", str(port), container_ports=ports, container_readinessProbe=probe)
    body = {"spec": {"type": "NodePort", "selector": {"app": "behind"}, "ports": [{"port": 12301, "targetPort": 5000}]}}
    service = cluster.core.create_namespaced_service(NAMESPACE, {"metadata": {"name": "front"}, **body})
    assert 30000 <= service.spec.ports[0].node_port <= 32767
    assert service.spec.cluster_ip.startswith("10.96.")
    assert not cluster.core.read_namespaced_endpoints("front", NAMESPACE).subsets
    cluster.apps.create_namespaced_deployment(NAMESPACE, workload("Deployment", "behind", spec))
    available(cluster, "behind", 1)

    def addresses() -> Any:
        subsets = cluster.core.read_namespaced_endpoints("front", NAMESPACE).subsets
        return subsets[0] if subsets and subsets[0].addresses else None

    subset = eventually(addresses, "an address")
    assert (subset.addresses[0].ip, subset.ports[0].port) == ("127.0.0.1", port)
    assert subset.addresses[0].target_ref.name in names(cluster, "app=behind")
    cluster.apps.patch_namespaced_deployment_scale("behind", NAMESPACE, {"spec": {"replicas": 0}})
    eventually(lambda: not addresses(), "no address")


@pytest.mark.nightly
def test_fifty_jobs_with_cleaners_and_services_run(cluster: Cluster) -> None:
    for number in range(50):
        labels = {"job-name": f"load-{number}"}
        cluster.batch.create_namespaced_job(NAMESPACE, job(f"load-{number}", pod_spec("serve", str(free_port()))))
        cluster.batch.create_namespaced_job(NAMESPACE, job(f"load-cleaner-{number}", pod_spec("work", "60", "0")))
        body = {"type": "NodePort", "ports": [{"port": 12400 + number, "targetPort": 5000}], "selector": labels}
        cluster.core.create_namespaced_service(NAMESPACE, {"metadata": {"name": f"load-{number}"}, "spec": body})

    def phases() -> list[str]:
        return [one.status.phase for one in cluster.pods("job-name") if one.metadata.name.startswith("load-")]

    eventually(lambda: phases().count("Running") == 100, "100 running pods", 60)
    cluster.batch.delete_collection_namespaced_job(NAMESPACE, propagation_policy="Background")
    eventually(
        lambda: not [one for one in cluster.pods("job-name") if one.metadata.name.startswith("load-")], "the end"
    )
