"""Makes faults to the site, undoes them whatever happens, and measures what they cost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.cluster.owners import WorkloadName
from focus_core.cluster.view_jobs import SERVICE_PREFIX
from focus_core.disruption import faults, journal, rules, undos
from focus_core.disruption.cluster_changes import ClusterChanges
from focus_core.disruption.outage import Measured, Measurements, Outage
from focus_core.disruption.steady import SiteProbes
from focus_core.rabbitmq.client import RabbitClient
from focus_core.rabbitmq.durable_test_queue import DurableTestQueue
from focus_core.run import pictures, report
from focus_core.run.session import client
from focus_core.site.data import site
from robot.api import logger
from robot.api.deco import keyword
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from focus_core.disruption.faults import Fault


class Faults:
    """Faults that are real, and always undone."""

    def __init__(self) -> None:
        self._outages: list[Outage] = []

    @keyword(tags=("Disruption",))
    def take_down(self, workload: WorkloadName) -> None:
        """Scales the workload to zero and waits until it has no pod (the site's ``scaled_down_s``).

        Ended by `Bring Back`.

        | Take Down    mongodb
        """
        self._begin(faults.ScaledToZero, workload)

    @keyword(tags=("Disruption",))
    def bring_back(self, workload: WorkloadName) -> Measured:
        """Ends `Take Down`: the pods must be ready within ``pod_ready_s``, the site steady within ``reconnected_s``.

        Fails when an acknowledged write was lost. Returns what was measured.

        | Bring Back    mongodb
        """
        return self._end(workload, faults.ScaledToZero)

    @keyword(tags=("Disruption",))
    def delete_pod(self, workload: WorkloadName) -> None:
        """Deletes a pod of the workload and waits until it is gone (``pod_gone_s``).

        Ended by `Workload Should Recover By Itself`.

        | Delete Pod    mongodb
        """
        self._begin(faults.DeletedPod, workload)

    @keyword(tags=("Disruption",))
    def delete_pods_at_once(self, *workloads: WorkloadName) -> None:
        """Deletes a pod of each workload, one right after the other, and waits until all are gone (``pod_gone_s``).

        Ended by `Workloads Should Recover By Themselves`, or by `Workload Should Recover By Itself` for each.

        | Delete Pods At Once    mongodb    rabbitmq    focus_server
        """
        prepared = self._prepare(faults.DeletedPod, workloads)
        for outage in prepared:
            outage.prepare()
        for outage in prepared:
            outage.inject()
        for outage in prepared:
            outage.wait_until_effective()
        logger.info(f"{len(prepared)} pods were deleted at once.")

    @keyword(tags=("Disruption",))
    def kill_process(self, workload: WorkloadName) -> None:
        """Kills the program of a pod of the workload, on its node, and waits until it has ended.

        Ended by `Workload Should Recover By Itself`.

        | Kill Process    rabbitmq
        """
        self._begin(faults.KilledProcess, workload)

    @keyword(tags=("Disruption",))
    def workload_should_recover_by_itself(self, workload: WorkloadName) -> Measured:
        """Ends `Delete Pod` and `Kill Process`: waits until the cluster has repaired the workload.

        A deleted pod must be replaced within ``pod_recreated_s``, a killed program restarted in its pod; all pods must
        be ready within ``pod_ready_s``, the site steady within ``reconnected_s``. Fails when an acknowledged write was
        lost. Returns what was measured.

        | Workload Should Recover By Itself    mongodb
        """
        return self._end(workload, faults.DeletedPod, faults.KilledProcess)

    @keyword(tags=("Disruption",))
    def workloads_should_recover_by_themselves(self, *workloads: WorkloadName) -> list[Measured]:
        """Ends `Delete Pods At Once`: each as `Workload Should Recover By Itself`; a picture in the log shows all.

        Returns what was measured, in the order of the arguments.

        | Workloads Should Recover By Themselves    mongodb    rabbitmq    focus_server
        """
        demands.some("workload", workloads)
        measured = [self._end(workload, faults.DeletedPod, faults.KilledProcess) for workload in workloads]
        _show(measured)
        return measured

    @keyword(tags=("Disruption",))
    def measure_the_recovery_of(self, *workloads: WorkloadName) -> list[Measured]:
        """Deletes a pod of each workload, one after the other, each once the one before has recovered.

        A picture in the log shows all: the first error that a client saw, the pod ready, the first success, the time
        of errors, and how much of what was acknowledged is lost. Returns what was measured.

        | ${times} =    Measure The Recovery Of    mongodb    rabbitmq    focus_server
        """
        demands.some("workload", workloads)
        measured = []
        for workload in workloads:
            self._begin(faults.DeletedPod, workload)
            measured.append(self._end(workload, faults.DeletedPod))
        _show(measured)
        return measured

    @keyword("Recovery Should Take No Longer Than The Site's Budgets", tags=("Disruption", "Assertion"))
    def recovery_should_take_no_longer(self, measured: Measurements) -> None:
        """Fails for each workload whose pod was ready later than ``pod_gone_s`` + ``pod_ready_s`` after the fault, or
        whose first client was served more than ``reconnected_s`` after that.

        Takes what `Measure The Recovery Of` or `Workloads Should Recover By Themselves` has returned, or one of it,
        as `Workload Should Recover By Itself` returns it.

        | Delete Pod    webapp
        | ${measured} =    Workload Should Recover By Itself    webapp
        | Recovery Should Take No Longer Than The Site's Budgets    ${measured}
        """
        demands.some("measured fault", measured)
        timings = site().timings
        ready_s = timings.pod_gone_s + timings.pod_ready_s
        fail_with(
            "The site recovered too slowly",
            [problem for one in measured for problem in one.delays(ready_s, timings.reconnected_s)],
        )

    @keyword(tags=("Disruption",))
    def freeze(self, workload: WorkloadName) -> None:
        """Stops the processes of the workload's pods (SIGSTOP), on their node: connections are taken, not answered.

        Ended by `Thaw`.

        | Freeze    mongodb
        """
        self._begin(faults.FrozenProcess, workload)

    @keyword(tags=("Disruption",))
    def thaw(self, workload: WorkloadName) -> Measured:
        """Ends `Freeze`: the site must be steady again within ``reconnected_s``. Returns what was measured.

        | Thaw    mongodb
        """
        return self._end(workload, faults.FrozenProcess)

    @keyword(tags=("Disruption",))
    def cut_the_network_to(self, workload: WorkloadName) -> None:
        """Lets nothing in to the workload's pods (a NetworkPolicy); its service must refuse new connections then.

        Ended by `Restore The Network To`. A cluster whose network does not enforce policies is an error.

        | Cut The Network To    mongodb
        """
        self._begin(faults.NetworkCut, workload)

    @keyword(tags=("Disruption",))
    def restore_the_network_to(self, workload: WorkloadName) -> Measured:
        """Ends `Cut The Network To`: the site must be steady again within ``reconnected_s``.

        | Restore The Network To    mongodb
        """
        return self._end(workload, faults.NetworkCut)

    @keyword(tags=("Disruption", "rabbitmq"))
    def fill_the_queue(self, room: int = 100) -> DurableTestQueue:
        """Makes a durable queue of the run's own with room for so many messages and publishes until it is full.

        Fails unless the broker confirms exactly as many messages as there is room for and refuses the next one. The
        queue is deleted at the end of the test. Returns it.

        | ${queue} =    Fill The Queue    room=50
        | Every Confirmed Message Should Arrive    ${queue}
        """
        demands.at_least(1, room=room)
        self._permit("rabbitmq")
        queue = DurableTestQueue(RabbitClient.of_site(site()), room)
        undos.register(site(), undos.OWN_QUEUE, f"Queue {queue.name}", {"queue": queue.name})
        queue.declare()
        refused = queue.publish(range(2 * room))
        if refused is None or len(queue.confirmed) != room:
            raise AssertionError(
                f"A queue with room for {room} messages confirmed {len(queue.confirmed)}"
                f"{'' if refused is not None else ' and refused none'}."
            )
        logger.info(f"Queue {queue.name} took {room} messages and refused the next one.")
        return queue

    @keyword(tags=("Disruption", "kubernetes"))
    def let_the_cluster_refuse_the_view_after(self, job_id: str) -> None:
        """Takes the names that the service of the next view may get, so that the cluster refuses it when the Focus
        Server has made its job already. ``job_id`` is that of the last view that was opened: views are counted. The
        names are given back at the end of the test. Only one view is refused: the one after it has another number.

        | ${view} =    Open Live View    channels=1-8
        | Let The Cluster Refuse The View After    ${view.job_id}
        | Live View Should Be Unavailable    because=cluster
        """
        self._permit("focus_server")
        if not re.fullmatch(r"\d+-\d+", job_id, re.ASCII):
            raise BenchError(f"'{job_id}' is no id of a job; give that of an open view, such as 7-1729.")
        number = int(job_id.partition("-")[2]) + 1
        names = [f"{SERVICE_PREFIX}{slot}-{number}" for slot in range(1, site().limits.max_windows + 2)]
        undos.register(site(), undos.TAKEN_NAMES, f"The services of view {number}", {"services": names})
        ClusterChanges.of_site(site()).take_service_names(names)
        logger.info(f"No view {number} can have a service: {names[0]} to {names[-1]} are taken.")

    def _begin(self, kind: type[Fault], workload: WorkloadName) -> None:
        going_on = [one.fault.name for one in self._outages if not one.over]
        (outage,) = self._prepare(kind, [workload])
        outage.begin(except_for=going_on)
        logger.info(f"The {outage.fault} was made.")

    def _prepare(self, kind: type[Fault], workloads: Sequence[WorkloadName]) -> list[Outage]:
        """Faults that may be made; nothing was done yet."""
        if not workloads or len(set(workloads)) != len(workloads):
            raise BenchError(f"Name each workload once, and at least one, not: {', '.join(workloads) or 'none'}.")
        for workload in workloads:
            self._permit(workload)
        probes = SiteProbes(site())
        made = [kind(site(), workload, probes) for workload in workloads]
        going_on = [outage for outage in self._outages if not outage.over]
        already = sum(len(outage.fault.pods) for outage in going_on)
        rules.within_limit(site(), sum(len(fault.pods) for fault in made), already=already)
        if not going_on and "rest" in site().capabilities:
            # A client that asks for the first time gets what a probe of the site finds: during a fault that would
            # not be what clients see.
            client().send("GET", "/ack")
        prepared = [Outage(site(), fault, probes, _note) for fault in made]
        self._outages = [*going_on, *prepared]
        return prepared

    def _end(self, workload: WorkloadName, *kinds: type[Fault]) -> Measured:
        made = [outage for outage in self._outages if not outage.over and outage.fault.name == workload]
        fitting = [outage for outage in made if isinstance(outage.fault, kinds)]
        if not fitting:
            others = ", ".join(outage.fault.kind for outage in made) or "none"
            raise BenchError(
                f"There is no {' or '.join(kind.kind for kind in kinds)} of {workload} to end; faults of it: {others}."
            )
        outage = fitting[-1]
        measured = outage.end(
            except_for=[one.fault.name for one in self._outages if not one.over and one is not outage]
        )
        logger.info(f"{measured.sentence}.")
        seen = measured.timeline
        report.log_picture(
            "outage", lambda path: pictures.draw_outage(path, measured.sentence, seen.moments, seen.errors)
        )
        return measured

    def _permit(self, workload: str) -> None:
        rules.permitted(site(), workload, _tags_of_tests())


def _show(measured: list[Measured]) -> None:
    report.log_picture("recoveries", lambda path: pictures.draw_recoveries(path, [one.row for one in measured]))


def _tags_of_tests() -> Iterable[Iterable[str]]:
    """The tags of each test of the suite that has opened the site; none when no suite has."""
    try:
        library: Any = BuiltIn().get_library_instance("SiteLibrary")
    except (RuntimeError, RobotNotRunningError):
        return []
    return [test.tags for test in library.listener.tests]


def _note(fault: str, workload: str, event: str, **facts: Any) -> None:
    test = BuiltIn().get_variable_value("${TEST_NAME}") or "suite setup or teardown"
    with report.evidence_that_may_be_lost(f"entry '{event}' of the journal of faults"):
        journal.note(report.output_folder(), fault, workload, event, test=test, **facts)
    report.log_fold(f"{fault} of {workload}: {event}", "\n".join(f"{key}: {value}" for key, value in facts.items()))
