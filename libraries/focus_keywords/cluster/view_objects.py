"""Keywords that return jobs and services: what the cluster runs for views, and what leads to pods."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.cluster.objects import Job, Service
from focus_core.cluster.owners import WorkloadName
from focus_core.views.view import View
from robot.api.deco import keyword

from focus_keywords.cluster.found import OF_A_VIEW, Things, owner_of
from focus_keywords.getters import CHECK

_TAGS = ("kubernetes", "Getter", "Assertion")
State = Literal["Running", "Complete", "Failed"]
_JOBS = {**OF_A_VIEW, "state": State, "label": str}
_SERVICES = {**CHECK, "workload": WorkloadName, "view": View, "label": str}


class JobsAndServices:
    """The job of a view (``view``), the job that clears up after it (``cleanup_of``), the service of a view."""

    @keyword(tags=_TAGS, types=_JOBS)
    def get_jobs(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: View | None = None,
        cleanup_of: View | None = None,
        state: State | None = None,
        label: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Job]:
        """Returns jobs of the cluster; with an operator the list of their names is checked.

        ``view`` chooses the job of a view, ``cleanup_of`` the one that clears up after it; ``state`` is Running,
        Complete or Failed; ``label`` is a label that they have, ``job_id`` or ``job_id=7-1``.

        | ${view} =    Open Live View    channels=1-3
        | Get Jobs    ==    ${SITE_DATA.job_prefix}${view.job_id}    view=${view}
        """
        return _jobs(view, cleanup_of, state, label).listed(operator, expected, message, within, during)

    @keyword(tags=_TAGS, types=_JOBS)
    def get_job_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: View | None = None,
        cleanup_of: View | None = None,
        state: State | None = None,
        label: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns the number of jobs, chosen as by `Get Jobs`; a failure names them.

        | ${view} =    Open Live View    channels=1-3
        | Close View    ${view}
        | Get Job Count    ==    0    view=${view}    within=30 s
        """
        return _jobs(view, cleanup_of, state, label).counted(operator, expected, message, within, during)

    @keyword(tags=_TAGS, types={**_JOBS, "field": str})
    def get_job_field(
        self,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: View | None = None,
        cleanup_of: View | None = None,
        state: State | None = None,
        label: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of a job, or the list of it where there are several; jobs are chosen as by `Get Jobs`.

        Fields: name, state (Running, Complete, Failed), finished, created, labels; a label is read with ``label NAME``.
        Fails where there is no job.

        | ${view} =    Open Live View    channels=1-3
        | Get Job Field    label job_id    ==    ${view.job_id}    view=${view}
        """
        return _jobs(view, cleanup_of, state, label).field(field, operator, expected, message, within, during)

    @keyword(tags=_TAGS, types=_SERVICES)
    def get_services(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        label: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Service]:
        """Returns services of the cluster; with an operator the list of their names is checked.

        ``workload`` chooses those that lead to its pods, ``view`` the one of a view; ``label`` is a label that they
        have, ``app`` or ``app=grpc-job-7-1``.

        | ${services} =    Get Services    workload=mongodb
        | Log    ${services[0].name} serves ${services[0].ports}
        """
        return _services(workload, view, label).listed(operator, expected, message, within, during)

    @keyword(tags=_TAGS, types=_SERVICES)
    def get_service_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        label: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns the number of services, chosen as by `Get Services`; a failure names them.

        | ${view} =    Open Live View    channels=1-3
        | Get Service Count    ==    1    view=${view}
        """
        return _services(workload, view, label).counted(operator, expected, message, within, during)

    @keyword(tags=_TAGS, types={**_SERVICES, "field": str})
    def get_service_field(
        self,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        workload: WorkloadName | None = None,
        view: View | None = None,
        label: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of a service, or the list of it where there are several; chosen as by `Get Services`.

        Fields: name, type, ports, target_ports, selector, labels; a label is read with ``label NAME``. Fails where
        there is no service.

        | ${view} =    Open Live View    channels=1-3
        | Get Service Field    ports    ==    ${view.answer.stream_port}    view=${view}
        """
        return _services(workload, view, label).field(field, operator, expected, message, within, during)


def _jobs(view: View | None, cleanup_of: View | None, state: State | None, label: str | None) -> Things:
    owner = owner_of(view=view, cleanup_of=cleanup_of)
    return Things("job", owner.jobs, owner, label, state=state)


def _services(workload: WorkloadName | None, view: View | None, label: str | None) -> Things:
    owner = owner_of(workload, view)
    return Things("service", owner.services, owner, label)
