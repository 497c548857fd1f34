"""Which fault may be made at all. Nothing here asks the site: a refusal comes before the first call."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from focus_core.base.errors import BenchError
from focus_core.cluster.owners import WorkloadName
from focus_core.disruption import approval
from focus_core.disruption.cluster_changes import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from focus_core.site.model import Site, Workload

# The tags that a suite with a fault carries on each test.
NEEDED_TAGS = ("disruptive", "exclusive")


class DisruptionRefusedError(BenchError):
    """A fault that must not be made: by the shape of the suite, or by the site's policy."""


class ForbiddenByPolicyError(DisruptionRefusedError):
    """A fault that the site's policy does not allow: the test that wants it is skipped there, with this reason."""

    ROBOT_SKIP_EXECUTION = True


def why_forbidden(site: Site) -> str:
    """Why no fault at all may be made on the site; empty when faults are allowed."""
    if not site.policy.disruption:
        return f"The policy of site {site.name} forbids disruption (policy.disruption is false)."
    if site.policy.max_pods < 1:
        return f"The policy of site {site.name} lets no pod be disrupted (policy.max_pods is {site.policy.max_pods})."
    return approval.refusal(site) if site.policy.disruption == approval.POLICY else ""


def permitted(site: Site, name: str, tags_of_tests: Iterable[Iterable[str]]) -> Workload:
    """The workload of that name in the site file, when a fault may be made to it.

    ``tags_of_tests`` are the tags of each test of the running suite. Raises ``DisruptionRefusedError``, which is a
    ``ForbiddenByPolicyError`` where the site's policy is the reason.
    """
    reason = why_forbidden(site)
    if reason:
        raise ForbiddenByPolicyError(reason)
    if name not in get_args(WorkloadName):
        raise DisruptionRefusedError(f"'{name}' is no workload; choose one of {', '.join(get_args(WorkloadName))}.")
    workload: Workload | None = getattr(site.workloads, name)
    if workload is None:
        raise DisruptionRefusedError(f"The file of site {site.name} does not name which workload {name} is.")
    labels = labels_of(workload)
    shielded = {name, workload.name, workload.selector, *labels.values()} & set(site.policy.protected)
    if shielded:
        raise ForbiddenByPolicyError(
            f"The policy of site {site.name} protects {min(shielded)}, so no fault is made to {name}."
        )
    tags = [set(one) for one in tags_of_tests]
    if not tags or not all(set(NEEDED_TAGS) <= one for one in tags):
        raise DisruptionRefusedError(
            "A fault is only made in a suite that has the site for itself: tag the whole file 'disruptive' and "
            "'exclusive' (Test Tags), and begin it with Open Site."
        )
    return workload


def within_limit(site: Site, pods: int, *, already: int) -> None:
    """Raises ``ForbiddenByPolicyError`` when ``pods`` more, beside those ``already`` disrupted, are too many."""
    if pods + already > site.policy.max_pods:
        beside = f", beside {already} that are disrupted already" if already else ""
        raise ForbiddenByPolicyError(
            f"The fault would take {pods} pod{'' if pods == 1 else 's'}{beside}; the policy of site {site.name} "
            f"allows {site.policy.max_pods} at a time."
        )
