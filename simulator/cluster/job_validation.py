"""The rules of Jobs whose violation the API server answers with 422 Invalid, in the words of Kubernetes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.cluster import meta, rules
from simulator.cluster.resources import Object
from simulator.cluster.rules import Causes, Check, shown, violated

MOST_PARALLEL = 100_000
MOST_RULES = 20
MOST_CODES = 255
_RULES_AT = "spec.podFailurePolicy.rules"
JOB_RULES: Mapping[str, Check] = {
    **{
        f"spec.{key}": rules.not_negative
        for key in (
            "parallelism",
            "completions",
            "activeDeadlineSeconds",
            "backoffLimit",
            "ttlSecondsAfterFinished",
            "backoffLimitPerIndex",
            "maxFailedIndexes",
        )
    },
    "spec.completionMode": rules.one_of("NonIndexed", "Indexed"),
    "spec.successPolicy": rules.forbidden("the simulated cluster does not know success policies"),
    _RULES_AT: rules.at_most(MOST_RULES),
    f"{_RULES_AT}[].action": rules.one_of("Count", "FailIndex", "FailJob", "Ignore"),
    f"{_RULES_AT}[].onExitCodes.operator": rules.one_of("In", "NotIn"),
    f"{_RULES_AT}[].onExitCodes.values": rules.at_most(MOST_CODES),
    f"{_RULES_AT}[].onPodConditions": rules.at_most(MOST_RULES),
    f"{_RULES_AT}[].onPodConditions[].type": rules.filled,
    f"{_RULES_AT}[].onPodConditions[].status": rules.one_of("False", "True", "Unknown"),
}
UNCHANGING = tuple(
    f"spec.{key}" for key in ("selector", "template", "completionMode", "podFailurePolicy", "backoffLimitPerIndex")
)


def job_causes(job: Object, previous: Object | None, *, sound: bool) -> Causes:
    """The violated rules about several values of a Job; `sound`: each of them is right by itself.

    `previous` is the stored state when it changes.
    """
    spec, policy = job["spec"], job["spec"].get("podFailurePolicy")
    causes = _indexes(job) + _index_limits(spec) if sound else []
    if policy is not None:
        causes += _policy(policy, spec)
    replacement = ("Failed",) if policy is not None else ("Failed", "TerminatingOrFailed")
    causes += violated(job, {"spec.podReplacementPolicy": rules.one_of(*replacement)}) + _restarts(spec)
    if previous is not None:
        causes += _completions(spec, previous["spec"])
    return causes


def _indexes(job: Object) -> Causes:
    spec, name = job["spec"], job["metadata"].get("name", "")
    completions, parallelism = spec.get("completions"), spec.get("parallelism", 1)
    if spec.get("completionMode") != "Indexed":
        return []
    if completions is None:
        return [("spec.completions", "Required value: when completion mode is Indexed")]
    causes: Causes = []
    if parallelism > MOST_PARALLEL:
        text = f"must be less than or equal to {MOST_PARALLEL} when completion mode is Indexed"
        causes.append(("spec.parallelism", f"Invalid value: {parallelism}: {text}"))
    hostname = f"{name}-{completions - 1}"
    if completions and rules.label(hostname):
        text = f"will not able to create pod with invalid DNS label: {hostname}"
        causes.append(("metadata.name", f"Invalid value: {shown(name)}: {text}"))
    return causes


def _index_limits(spec: Object) -> Causes:
    causes: Causes = []
    most, completions = spec.get("maxFailedIndexes"), spec.get("completions")
    if most is not None and spec.get("backoffLimitPerIndex") is None:
        causes.append(("spec.backoffLimitPerIndex", "Required value: when maxFailedIndexes is specified"))
    if spec.get("completionMode") != "Indexed":
        causes += [
            (f"spec.{key}", f"Invalid value: {spec[key]}: requires indexed completion mode")
            for key in ("backoffLimitPerIndex", "maxFailedIndexes")
            if spec.get(key) is not None
        ]
    elif most is not None and completions is not None and most > completions:
        causes.append(("spec.maxFailedIndexes", f"Invalid value: {most}: must be less than or equal to completions"))
    return causes


def _policy(policy: Object, spec: Object) -> Causes:
    causes: Causes = []
    pod = (spec.get("template") or {}).get("spec") or {}
    containers = {one.get("name") for one in meta.containers_of(pod)}
    for number, rule in enumerate(policy.get("rules") or []):
        where = f"{_RULES_AT}[{number}]"
        if rule.get("action") == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
            causes.append(
                (f"{where}.action", 'Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set')
            )
        codes, conditions = rule.get("onExitCodes"), rule.get("onPodConditions") or []
        if codes is not None:
            causes += _exit_codes(codes, containers, f"{where}.onExitCodes")
        if codes is not None and conditions:
            text = "specifying both OnExitCodes and OnPodConditions is not supported"
            causes.append((where, f"Invalid value: {text}"))
        if codes is None and not conditions:
            causes.append((where, "Invalid value: specifying one of OnExitCodes and OnPodConditions is required"))
    return causes


def _exit_codes(requirement: Object, containers: set[Any], where: str) -> Causes:
    causes: Causes = []
    name, values = requirement.get("containerName"), requirement.get("values") or []
    if name is not None and name not in containers:
        text = "must be one of the container or initContainer names in the pod template"
        causes.append((f"{where}.containerName", f"Invalid value: {shown(name)}: {text}"))
    if not values:
        causes.append((f"{where}.values", f"Invalid value: {shown(values)}: at least one value is required"))
    for number, value in enumerate(values):
        if requirement.get("operator") == "In" and value == 0:
            causes.append((f"{where}.values[{number}]", "Invalid value: 0: must not be 0 for the In operator"))
        if value in values[:number]:
            causes.append((f"{where}.values[{number}]", f"Duplicate value: {value}"))
    if values != sorted(values):
        causes.append((f"{where}.values", f"Invalid value: {shown(values)}: must be ordered"))
    return causes


def _restarts(spec: Object) -> Causes:
    where = "spec.template.spec.restartPolicy"
    policy = ((spec.get("template") or {}).get("spec") or {}).get("restartPolicy")
    if policy in (None, "", "Always"):
        return [(where, 'Required value: valid values: "OnFailure", "Never"')]
    if policy == "OnFailure" and spec.get("podFailurePolicy") is not None:
        return [(where, f'Invalid value: "{policy}": only "Never" is supported when podFailurePolicy is specified')]
    return []


def _completions(spec: Object, before: Object) -> Causes:
    completions = spec.get("completions")
    if completions == before.get("completions"):
        return []
    if spec.get("completionMode") != "Indexed":
        return [("spec.completions", f"Invalid value: {shown(completions)}: field is immutable")]
    if completions != spec.get("parallelism"):
        text = f"Invalid value: {shown(completions)}: can only be modified in tandem with spec.parallelism"
        return [("spec.completions", text)]
    return []
