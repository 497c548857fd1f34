"""What a Job's podFailurePolicy makes of a failed pod."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.cluster import meta
from simulator.cluster.resources import Object

COUNT, FAIL_INDEX, FAIL_JOB, IGNORE = "Count", "FailIndex", "FailJob", "Ignore"


@dataclass(frozen=True)
class Outcome:
    """What happens because of one failed pod; `message` is the reason of a Job that it ends."""

    action: str = COUNT
    message: str = ""

    @property
    def counts(self) -> bool:
        """Whether the pod is counted against the back-off limits."""
        return self.action != IGNORE


def outcome(job: Object, pod: Object) -> Outcome:
    """What the first rule that matches a failed pod does; without one the pod is counted."""
    rules = (job["spec"].get("podFailurePolicy") or {}).get("rules") or []
    for number, rule in enumerate(rules):
        subject = _matching(rule, pod)
        if subject:
            return Outcome(rule["action"], f"{subject} matching {rule['action']} rule at index {number}")
    return Outcome()


def _matching(rule: Object, pod: Object) -> str:
    """What of the pod a rule matches, empty when it does not."""
    name = f"{meta.namespace_of(pod)}/{meta.name_of(pod)}"
    if "onExitCodes" in rule:
        found = _container_with_code(rule["onExitCodes"], pod)
        return f"Container {found[0]} for pod {name} failed with exit code {found[1]}" if found else ""
    conditions = {one["type"]: one["status"] for one in pod["status"].get("conditions") or []}
    for pattern in rule.get("onPodConditions") or []:
        if conditions.get(pattern["type"]) == pattern.get("status", "True"):
            return f"Pod {name} has condition {pattern['type']}"
    return ""


def _container_with_code(requirement: Object, pod: Object) -> tuple[str, int] | None:
    for one in meta.container_statuses(pod):
        ended = one["state"].get("terminated")
        # A container that ended well is never meant, not even by NotIn.
        if ended is None or ended["exitCode"] == 0:
            continue
        if requirement.get("containerName") not in (None, one["name"]):
            continue
        if (ended["exitCode"] in requirement["values"]) == (requirement["operator"] == "In"):
            return one["name"], ended["exitCode"]
    return None
