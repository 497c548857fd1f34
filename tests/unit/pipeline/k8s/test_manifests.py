"""The manifests of deploy/ as kubectl renders them, and what each run makes of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml

from pipeline import paths
from pipeline.errors import RunError
from pipeline.k8s import manifests, shard
from pipeline.k8s.manifests import Manifests, Phase

OVERLAYS = ("kind-k3s", "real", "simulated")
# What the shards' pods may do in the cluster they run in, besides docs/real-cluster.md: nothing.
OWN = "focus-acceptance"


@cache
def rendered(overlay: str) -> Manifests:
    return manifests.render(overlay)


def kinds(overlay: str, *names: str) -> list[dict[str, Any]]:
    return [one for one in rendered(overlay).standing if one["kind"] in names]


def pods(overlay: str) -> list[dict[str, Any]]:
    made = rendered(overlay)
    return [made.job["spec"]["template"]["spec"], made.collector["spec"]]


def test_every_overlay_is_looked_at() -> None:
    assert tuple(manifests.names()) == OVERLAYS


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_have_no_rights_on_their_node(overlay: str) -> None:
    for pod in pods(overlay):
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["runAsUser"] > 0
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
        assert not [volume for volume in pod["volumes"] if "hostPath" in volume]
        for container in pod["containers"]:
            own = container["securityContext"]
            assert own["capabilities"] == {"drop": ["ALL"]}
            assert own["readOnlyRootFilesystem"]
            assert not own["allowPrivilegeEscalation"]
            assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_secrets_come_by_reference_and_none_is_made(overlay: str) -> None:
    assert not kinds(overlay, "Secret")
    job = pods(overlay)[0]["containers"][0]
    assert {"secretRef": {"name": "focus-secrets", "optional": True}} in job["envFrom"]
    words = ("PASSWORD", "TOKEN", "SECRET")
    assert not [one for one in job["env"] if any(word in one["name"] for word in words) and one.get("value")]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_role_is_wider_than_its_list(overlay: str) -> None:
    roles = kinds(overlay, "Role", "ClusterRole")
    rules = [(role, rule) for role in roles for rule in role["rules"]]
    assert rules
    assert not [role for role, rule in rules if "*" in (*rule["apiGroups"], *rule["resources"], *rule["verbs"])]
    # A secret is read by its name; who can list them has them all.
    assert not [role for role, rule in rules if "secrets" in rule["resources"] and rule["verbs"] != ["get"]]
    # Only the runner may make anything, and only in the namespace of the tests.
    makers = {
        (role["metadata"]["name"], role["metadata"].get("namespace"))
        for role, rule in rules
        if {"create", "patch", "delete", "update"} & set(rule["verbs"])
        and not set(rule["resources"]) & {"pods/exec", "leases", "jobs"}
    }
    assert makers == {("focus-runner", OWN)}
    accounts = kinds(overlay, "ServiceAccount")
    assert all(account["automountServiceAccountToken"] is False for account in accounts)


def test_the_rights_at_the_site_are_those_of_its_page() -> None:
    page = (paths.ROOT / "docs" / "real-cluster.md").read_text(encoding="utf-8").partition("## 3.")[2]
    looking, disrupting = (block.partition("```")[0] for block in page.split("```yaml\n")[1:3])
    written = [role["rules"] for role in yaml.safe_load_all(looking)]
    access = yaml.safe_load_all((paths.ROOT / "deploy/site-access/roles.yaml").read_text(encoding="utf-8"))
    assert [role["rules"] for role in access if "rules" in role] == written
    faults = yaml.safe_load_all((paths.ROOT / "deploy/disruption/roles.yaml").read_text(encoding="utf-8"))
    assert [role["rules"] for role in faults if "rules" in role] == [yaml.safe_load(disrupting)]


def test_the_simulated_overlay_asks_for_no_rights_elsewhere() -> None:
    assert {one["metadata"].get("namespace", OWN) for one in rendered("simulated").standing} == {OWN}


def test_the_exit_code_of_bad_data_fails_the_index() -> None:
    first = rendered("real").job["spec"]["podFailurePolicy"]["rules"][0]
    assert first["action"] == "FailIndex"
    assert first["onExitCodes"]["values"] == [shard.BAD_DATA]


def test_a_phase_is_a_suspended_job_of_its_shards() -> None:
    job = manifests.phase_job(rendered("real"), "R_1", Phase("last", 5, 1), 5, ["--yes"])
    name = manifests.name_of("R_1")
    assert job["metadata"]["name"] == f"{name}-last"
    assert (job["spec"]["suspend"], job["spec"]["completions"], job["spec"]["parallelism"]) == (True, 1, 1)
    template = job["spec"]["template"]
    assert template["metadata"]["labels"][manifests.RUN] == job["metadata"]["labels"][manifests.RUN] == name
    container = template["spec"]["containers"][0]
    values = {one["name"]: one.get("value") for one in container["env"]}
    assert (values["RUN_ID"], values["SHARD_TOTAL"], values["FIRST_SHARD"]) == ("R_1", "5", "5")
    assert container["args"] == ["--yes"]
    assert [one["configMap"]["name"] for one in template["spec"]["volumes"] if one["name"] == "plan"] == [name]
    # The template itself stays as it was, for the other phase.
    assert rendered("real").job["metadata"]["name"] == "shards"


@pytest.mark.parametrize(
    "run_id", ["20261130-220000-ab12", "R", "a.b", "A-" + "x" * 62, "ends-with_", "UPPER", "upper", "x" * 64]
)
def test_every_run_id_has_a_name_of_its_own_that_a_pod_can_bear(run_id: str) -> None:
    name = manifests.name_of(run_id)
    pod = f"{name}-shards-10-abcde"
    assert len(pod) <= 63
    assert pod == pod.lower()
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    others = [manifests.name_of(other) for other in ("upper", "a-b", "r") if other != run_id]
    assert name not in others


def test_another_namespace_moves_all_that_is_of_the_tests_and_nothing_of_the_product() -> None:
    made = manifests.render("real", namespace="team-7", image="registry/focus@sha256:0")
    assert made.namespace == "team-7"
    namespaces = {(one["kind"], one["metadata"].get("namespace")) for one in made.standing}
    assert ("Role", "panda") in namespaces
    assert ("Role", "team-7") in namespaces
    assert not [one for one in namespaces if one[1] == OWN]
    subjects = [subject["namespace"] for one in made.standing for subject in one.get("subjects", ())]
    assert set(subjects) == {"team-7"}
    assert [one["metadata"]["name"] for one in made.standing if one["kind"] == "Namespace"] == ["team-7"]
    containers = [made.job["spec"]["template"]["spec"]["containers"][0], made.collector["spec"]["containers"][0]]
    assert {one["image"] for one in containers} == {"registry/focus@sha256:0"}


def test_an_overlay_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(RunError, match="choose one of kind-k3s, real, simulated"):
        manifests.render("moon")


def test_more_than_a_config_map_holds_is_refused() -> None:
    owner = {"metadata": {"name": "focus-r-shards", "uid": "1"}}
    with pytest.raises(RunError, match="more than a ConfigMap holds"):
        manifests.inputs(rendered("real"), "r", {"plan.json": "x" * manifests.MOST_BYTES + "x"}, owner)
