"""Keywords that return pods: which there are, how they are, what they request and use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base.objects import field_of
from focus_core.cluster.objects import Pod, PodResources
from focus_core.cluster.owners import WorkloadName
from focus_core.views.view import View
from robot.api.deco import keyword

from focus_keywords.cluster.found import OF_ANYONE, Things, owner_of
from focus_keywords.getters import checked

_TAGS = ("kubernetes", "Getter", "Assertion")
_POD_TYPES = {**OF_ANYONE, "state": str, "ready": bool, "label": str}


class Pods:
    """Pods of a workload, of a view (``view``) or of the job that clears up after it (``cleanup_of``), or all."""

    @keyword(tags=_TAGS, types=_POD_TYPES)
    def get_pods(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        cleanup_of: View | None = None,
        state: str | None = None,
        ready: bool | None = None,
        label: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Pod]:
        """Returns pods, oldest first; with an operator the list of their names is checked.

        ``state`` is what kubectl shows (Running, Pending, Succeeded, Failed, Terminating, CrashLoopBackOff, ...),
        ``ready`` yes or no, ``label`` a label that they have, ``job_id`` or ``job_id=7-1``.

        | ${pods} =    Get Pods    workload=mongodb
        | Log    ${pods[0].name} was restarted ${pods[0].restarts} times
        | Get Pods    ==    ${EMPTY}    workload=mongodb    ready=no
        """
        return _pods(workload, view, cleanup_of, state, ready, label).listed(
            operator, expected, message, within, during
        )

    @keyword(tags=_TAGS, types=_POD_TYPES)
    def get_pod_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        cleanup_of: View | None = None,
        state: str | None = None,
        ready: bool | None = None,
        label: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns the number of pods, chosen as by `Get Pods`; a failure names them.

        | Get Pod Count    >=    1    workload=mongodb    state=Running
        | Get Pod Count    ==    0    workload=mongodb    ready=no
        """
        return _pods(workload, view, cleanup_of, state, ready, label).counted(
            operator, expected, message, within, during
        )

    @keyword(tags=_TAGS, types={**_POD_TYPES, "field": str})
    def get_pod_field(
        self,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        cleanup_of: View | None = None,
        state: str | None = None,
        ready: bool | None = None,
        label: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of a pod, or the list of it where there are several; pods are chosen as by `Get Pods`.

        Fields: name, phase, status, ready, restarts, deleted, created, ready_since, node, labels, containers; a label
        is read with ``label NAME``. Fails where there is no pod.

        | Get Pod Field    restarts    ==    0    workload=webapp
        | ${view} =    Open Live View    channels=1-3
        | Get Pod Field    label job_id    ==    ${view.job_id}    view=${view}    within=30 s
        """
        return _pods(workload, view, cleanup_of, state, ready, label).field(
            field, operator, expected, message, within, during
        )

    @keyword(tags=_TAGS, types=OF_ANYONE)
    def get_resources(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        cleanup_of: View | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[PodResources]:
        """Returns what pods request, may use and use now; with an operator the list of the pods' names is checked.

        | ${resources} =    Get Resources    workload=mongodb
        | Log    ${resources[0].memory_used} of ${resources[0].memory_limit}
        """
        owner = owner_of(workload, view, cleanup_of)
        return Things("resource", owner.resources, owner).listed(operator, expected, message, within, during)

    @keyword(tags=_TAGS, types={**OF_ANYONE, "field": str})
    def get_resource_field(
        self,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        cleanup_of: View | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns what a pod requests, may use or uses now, or the list of it where there are several pods.

        Fields: cpu_request, cpu_limit, cpu_used (millicores), memory_request, memory_limit, memory_used (compared with
        ``512 MiB``), cpu_percent, memory_percent (of the limit, compared with ``80 %``). An operator like < has to hold
        for each pod. Fails for a pod that declares no such request or limit, or is not measured; the metrics server
        measures every 15 s: ``within=20 s``.

        | Get Resource Field    memory_limit    <=    4 GiB    workload=mongodb
        | Get Resource Field    memory_percent    <    80 %    workload=mongodb    within=20 s
        """
        owner = owner_of(workload, view, cleanup_of)
        resources = Things("resource", owner.resources, owner)

        def read() -> Any:
            found = resources.read()
            without = [one.pod for one in found if field_of([one], "resource", field) is None]
            if without:
                raise AssertionError(f"{', '.join(without)} declares no such limit or request, or is not measured")
            return field_of(found, "pod", field)

        return checked(f"{field} of pods{owner}", read, operator, expected, message, within, during)


def _pods(
    workload: WorkloadName | None,
    view: View | None,
    cleanup_of: View | None,
    state: str | None,
    ready: bool | None,
    label: str | None,
) -> Things:
    owner = owner_of(workload, view, cleanup_of)
    return Things("pod", owner.pods, owner, label, status=state, ready=ready)
