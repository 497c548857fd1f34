"""The faults of the site's cluster, as its defects ask for."""

from __future__ import annotations

import re

from simulator.cluster.faults import Faults
from simulator.defects import active, sometimes

_JOB_POD = re.compile(r"grpc-job-[0-9]+-([0-9]+)-")
# Containers whose readiness probe can be made to fail.
_NOT_READY = {
    "panda-panda-focus-server": "focus-server-not-ready",
    "mongodb": "mongodb-not-ready",
    "rabbitmq": "rabbitmq-not-ready",
}
# Services whose answers can be made late, and by how much.
_SLOW = {"mongodb": "mongodb-slow", "rabbitmq-panda": "broker-slow"}
_SLOW_S = 0.15
# A MongoDB message that asks for documents: code 2013 of its header, and the command's name where its body begins.
_MESSAGE = (2013).to_bytes(4, "little")
_QUERIES = (b"\x02find\x00", b"\x02aggregate\x00", b"\x02count\x00")
_SLOW_QUERY_S = 6.0


class SiteFaults(Faults):
    """Each fault is on while its defect is."""

    def api_unavailable(self) -> bool:
        return active("kubernetes-unavailable")

    def pods_unmeasured(self) -> bool:
        return active("metrics-missing")

    def logs_lost(self) -> bool:
        return active("pod-logs-lost")

    def exec_refused(self) -> bool:
        return active("exec-broken")

    def pods_not_replaced(self) -> bool:
        return active("pod-not-replaced")

    def crashes_after_restart(self) -> bool:
        return active("crashes-once-more")

    def address_delay_s(self, pod: str) -> float:
        late, job = sometimes("cni-pending"), _JOB_POD.match(pod)
        return late.seconds(int(job[1])) if late and job else 0.0

    def is_kept_unready(self, container: str) -> bool:
        return container in _NOT_READY and active(_NOT_READY[container])

    def delay_s(self, service: str, data: bytes, *, answer: bool) -> float:
        if answer:
            return _SLOW_S if service in _SLOW and active(_SLOW[service]) else 0.0
        return _SLOW_QUERY_S if service == "mongodb" and _is_query(data) and active("mongodb-queries-slow") else 0.0


def _is_query(data: bytes) -> bool:
    return data[12:16] == _MESSAGE and data[25:].startswith(_QUERIES)


FAULTS = SiteFaults()
