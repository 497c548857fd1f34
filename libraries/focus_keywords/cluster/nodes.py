"""Keywords that return the cluster's nodes and workloads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.cluster.objects import Node, Workload
from focus_core.cluster.owners import WorkloadName
from focus_core.run import clients
from focus_core.site.data import site
from robot.api.deco import keyword

from focus_keywords.cluster.found import Things, entry_of
from focus_keywords.getters import CHECK, checked

_TAGS = ("kubernetes", "Getter", "Assertion")
_WORKLOADS: dict[str, Any] = {**CHECK, "workload": WorkloadName, "healthy": bool}
_NODES = {**CHECK, "ready": bool, "schedulable": bool}


class NodesAndWorkloads:
    """The nodes of the cluster, and the workloads of the site file as the cluster has them."""

    @keyword(tags=_TAGS, types=_NODES)
    def get_nodes(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        ready: bool | None = None,
        schedulable: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Node]:
        """Returns the nodes of the cluster, with ``ready`` and ``schedulable`` (they take pods) yes or no those that
        are so; with an operator the list of their names is checked.

        | Get Nodes    ==    ${EMPTY}    ready=no
        """
        return _nodes(ready, schedulable).listed(operator, expected, message, within, during)

    @keyword(tags=_TAGS, types=_NODES)
    def get_node_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        ready: bool | None = None,
        schedulable: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns the number of nodes, chosen as by `Get Nodes`; a failure names them.

        | Get Node Count    >=    1    ready=yes    schedulable=yes
        """
        return _nodes(ready, schedulable).counted(operator, expected, message, within, during)

    @keyword(tags=_TAGS, types={**_NODES, "field": str})
    def get_node_field(
        self,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        ready: bool | None = None,
        schedulable: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of a node, or the list of it where there are several; nodes are chosen as by `Get Nodes`.

        Fields: name, ready, schedulable.

        | Get Node Field    ready    ==    yes
        """
        return _nodes(ready, schedulable).field(field, operator, expected, message, within, during)

    @keyword(tags=_TAGS, types=_WORKLOADS)
    def get_workloads(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        healthy: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Workload]:
        """Returns the workloads of the site file that the cluster has, with ``healthy`` yes or no those that are so:
        all pods that are wanted are ready and up to date. With an operator the list of their names is checked.

        | Get Workloads    ==    ${EMPTY}    healthy=no
        """
        return _workloads(workload, healthy).listed(operator, expected, message, within, during)

    @keyword(tags=_TAGS, types=_WORKLOADS)
    def get_workload_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        healthy: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns the number of workloads, chosen as by `Get Workloads`; a failure names them, or those that there are.

        | Get Workload Count    ==    1    workload=segy_recorder
        """
        return _workloads(workload, healthy).counted(operator, expected, message, within, during)

    @keyword(tags=_TAGS, types={**_WORKLOADS, "field": str})
    def get_workload_field(
        self,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        healthy: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of a workload, or without ``workload`` the list of it of all workloads of the site file.

        Fields: name, kind, wanted, ready, updated (numbers of pods), healthy. Fails for one that the cluster lacks.

        | Get Workload Field    healthy    ==    yes    workload=mongodb    within=30 s
        | Get Workload Field    ready    >=    1
        """
        return _workloads(workload, healthy).field(field, operator, expected, message, within, during)

    @keyword(tags=_TAGS, types=CHECK)
    def get_cluster_version(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> str:
        """Returns the version of the Kubernetes API, as v1.34.1+k3s1.

        | Get Cluster Version    starts    v1.
        """
        version: str = checked(
            "Version of the cluster", clients.cluster().version, operator, expected, message, within, during
        )
        return version


def _nodes(ready: bool | None, schedulable: bool | None) -> Things:
    return Things("node", lambda: clients.cluster().nodes(), ready=ready, schedulable=schedulable)


def _workloads(workload: WorkloadName | None, healthy: bool | None) -> Things:
    def find() -> list[Workload]:
        entries = [one for one in vars(site().workloads).values() if one]
        found = [clients.cluster().workload(entry.kind, entry.name) for entry in entries]
        return [one for one in found if one]

    return Things("workload", find, name=entry_of(workload).name if workload else None, healthy=healthy)
