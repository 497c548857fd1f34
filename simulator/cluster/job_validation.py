"""The rules of Jobs whose violation the API server answers with 422 Invalid, in the words of Kubernetes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from simulator.cluster.resources import Object

Causes = list[tuple[str, str]]

MODES = ("NonIndexed", "Indexed")
ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
MOST_PARALLEL = 100_000
MOST_RULES = 20
MOST_CODES = 255
_HOSTNAME = re.compile(r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
_NUMBERS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)
_UNCHANGING = ("selector", "template", "completionMode", "podFailurePolicy", "backoffLimitPerIndex")


def job_causes(job: Object, previous: Object | None) -> Causes:
    """The violated rules of a Job beside those of its pod template; `previous` is the stored state when it changes."""
    spec = job["spec"]
    causes = _numbers(spec)
    if not causes:
        causes += _indexes(job) + _index_limits(spec)
    if "successPolicy" in spec:
        causes.append(("spec.successPolicy", "Forbidden: the simulated cluster does not know success policies"))
    policy = spec.get("podFailurePolicy")
    if policy is not None:
        causes += _policy(policy, spec)
    causes += _replacement(spec) + _restarts(spec)
    if previous is not None:
        causes += _changes(spec, previous["spec"])
    return causes


def _numbers(spec: Object) -> Causes:
    return [
        (f"spec.{key}", f"Invalid value: {_shown(spec[key])}: must be greater than or equal to 0")
        for key in _NUMBERS
        if spec.get(key) is not None and spec[key] < 0
    ]


def _indexes(job: Object) -> Causes:
    spec = job["spec"]
    mode, completions = spec.get("completionMode", "NonIndexed"), spec.get("completions")
    if mode not in MODES:
        return [("spec.completionMode", _not_supported(mode, MODES))]
    if mode != "Indexed":
        return []
    causes: Causes = []
    if completions is None:
        causes.append(("spec.completions", "Required value: when completion mode is Indexed"))
    if spec.get("parallelism", 1) > MOST_PARALLEL:
        text = f"must be less than or equal to {MOST_PARALLEL} when completion mode is Indexed"
        causes.append(("spec.parallelism", f"Invalid value: {spec['parallelism']}: {text}"))
    name = job["metadata"].get("name", "")
    hostname = f"{name}-{(completions or 1) - 1}"
    if completions and not _HOSTNAME.match(hostname):
        text = f"will not able to create pod with invalid DNS label: {hostname}"
        causes.append(("metadata.name", f"Invalid value: {_shown(name)}: {text}"))
    return causes


def _index_limits(spec: Object) -> Causes:
    causes: Causes = []
    most, completions = spec.get("maxFailedIndexes"), spec.get("completions")
    if most is not None and spec.get("backoffLimitPerIndex") is None:
        causes.append(("spec.backoffLimitPerIndex", "Required value: when maxFailedIndexes is specified"))
    if spec.get("completionMode", "NonIndexed") == "NonIndexed":
        causes += [
            (f"spec.{key}", f"Invalid value: {spec[key]}: requires indexed completion mode")
            for key in ("backoffLimitPerIndex", "maxFailedIndexes")
            if spec.get(key) is not None
        ]
    elif most is not None and completions is not None and most > completions:
        causes.append(("spec.maxFailedIndexes", f"Invalid value: {most}: must be less than or equal to completions"))
    return causes


def _policy(policy: Object, spec: Object) -> Causes:
    rules = policy.get("rules") or []
    causes: Causes = []
    if len(rules) > MOST_RULES:
        causes.append(("spec.podFailurePolicy.rules", _too_many(len(rules), MOST_RULES)))
    pod = (spec.get("template") or {}).get("spec") or {}
    containers = {one.get("name") for one in [*(pod.get("initContainers") or []), *(pod.get("containers") or [])]}
    for number, rule in enumerate(rules):
        where = f"spec.podFailurePolicy.rules[{number}]"
        causes += _action(rule.get("action"), spec, f"{where}.action")
        codes, conditions = rule.get("onExitCodes"), rule.get("onPodConditions") or []
        if codes is not None:
            causes += _exit_codes(codes, containers, f"{where}.onExitCodes")
        causes += _conditions(conditions, f"{where}.onPodConditions")
        if codes is not None and conditions:
            text = "specifying both OnExitCodes and OnPodConditions is not supported"
            causes.append((where, f"Invalid value: {text}"))
        if codes is None and not conditions:
            causes.append((where, "Invalid value: specifying one of OnExitCodes and OnPodConditions is required"))
    return causes


def _action(action: str | None, spec: Object, where: str) -> Causes:
    if not action:
        return [(where, f"Required value: valid values: {_listed(ACTIONS)}")]
    if action not in ACTIONS:
        return [(where, _not_supported(action, ACTIONS))]
    if action == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
        return [(where, f"Invalid value: {_shown(action)}: requires the backoffLimitPerIndex to be set")]
    return []


def _exit_codes(requirement: Object, containers: set[Any], where: str) -> Causes:
    causes: Causes = []
    operator, values = requirement.get("operator"), requirement.get("values") or []
    if not operator:
        causes.append((f"{where}.operator", f"Required value: valid values: {_listed(('In', 'NotIn'))}"))
    elif operator not in ("In", "NotIn"):
        causes.append((f"{where}.operator", _not_supported(operator, ("In", "NotIn"))))
    name = requirement.get("containerName")
    if name is not None and name not in containers:
        text = "must be one of the container or initContainer names in the pod template"
        causes.append((f"{where}.containerName", f"Invalid value: {_shown(name)}: {text}"))
    if not values:
        causes.append((f"{where}.values", f"Invalid value: {_shown(values)}: at least one value is required"))
    elif len(values) > MOST_CODES:
        causes.append((f"{where}.values", _too_many(len(values), MOST_CODES)))
    for number, value in enumerate(values):
        if operator == "In" and value == 0:
            causes.append((f"{where}.values[{number}]", "Invalid value: 0: must not be 0 for the In operator"))
        if value in values[:number]:
            causes.append((f"{where}.values[{number}]", f"Duplicate value: {value}"))
    if values != sorted(values):
        causes.append((f"{where}.values", f"Invalid value: {_shown(values)}: must be ordered"))
    return causes


def _conditions(patterns: list[Object], where: str) -> Causes:
    causes: Causes = [(where, _too_many(len(patterns), MOST_RULES))] if len(patterns) > MOST_RULES else []
    states = ("False", "True", "Unknown")
    for number, pattern in enumerate(patterns):
        if not pattern.get("type"):
            causes.append((f"{where}[{number}].type", 'Invalid value: "": name part must be non-empty'))
        if pattern.get("status", "True") not in states:
            causes.append((f"{where}[{number}].status", _not_supported(pattern["status"], states)))
    return causes


def _replacement(spec: Object) -> Causes:
    policy = spec.get("podReplacementPolicy")
    known = ("Failed",) if spec.get("podFailurePolicy") is not None else ("Failed", "TerminatingOrFailed")
    return [] if policy in (None, *known) else [("spec.podReplacementPolicy", _not_supported(policy, known))]


def _restarts(spec: Object) -> Causes:
    where = "spec.template.spec.restartPolicy"
    policy = ((spec.get("template") or {}).get("spec") or {}).get("restartPolicy")
    if policy in (None, "", "Always"):
        return [(where, 'Required value: valid values: "OnFailure", "Never"')]
    if policy not in ("OnFailure", "Never"):
        return [(where, _not_supported(policy, ("OnFailure", "Never")))]
    if policy != "Never" and spec.get("podFailurePolicy") is not None:
        return [(where, f'Invalid value: "{policy}": only "Never" is supported when podFailurePolicy is specified')]
    return []


def _changes(spec: Object, before: Object) -> Causes:
    causes: Causes = [
        (f"spec.{key}", f"Invalid value: {_shown(spec.get(key))}: field is immutable")
        for key in _UNCHANGING
        if spec.get(key) != before.get(key)
    ]
    completions = spec.get("completions")
    if completions != before.get("completions"):
        if spec.get("completionMode") != "Indexed":
            causes.append(("spec.completions", f"Invalid value: {_shown(completions)}: field is immutable"))
        elif completions != spec.get("parallelism"):
            text = f"Invalid value: {_shown(completions)}: can only be modified in tandem with spec.parallelism"
            causes.append(("spec.completions", text))
    return causes


def _shown(value: Any) -> str:
    return json.dumps(value)


def _listed(values: Iterable[str]) -> str:
    return "[" + " ".join(map(_shown, values)) + "]"


def _not_supported(value: Any, known: Iterable[str]) -> str:
    return f"Unsupported value: {_shown(value)}: supported values: {', '.join(map(_shown, known))}"


def _too_many(count: int, most: int) -> str:
    return f"Too many: {count}: must have at most {most} items"
