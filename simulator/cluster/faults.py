"""What can go wrong in the cluster itself, asked at the place where it would."""

from __future__ import annotations


class Faults:
    """A cluster without faults; a site injects a subclass that answers from its switches, which may change any time."""

    def api_unavailable(self) -> bool:
        """Whether the API server answers 503 to every request that needs the store."""
        return False

    def pods_unmeasured(self) -> bool:
        """Whether the metrics server has no metrics of pods."""
        return False

    def logs_lost(self) -> bool:
        """Whether the node has removed the logs of its containers."""
        return False

    def exec_refused(self) -> bool:
        """Whether the API server does not reach the kubelet for exec."""
        return False

    def pods_not_replaced(self) -> bool:
        """Whether a workload that lost a pod gets no other."""
        return False

    def crashes_after_restart(self) -> bool:
        """Whether a program crashes again soon after its first restart."""
        return False

    def address_delay_s(self, pod: str) -> float:  # noqa: ARG002 - a site looks at it
        """Seconds, times the time scale, until the node's network has an address for a new pod of this name."""
        return 0.0

    def is_kept_unready(self, container: str) -> bool:  # noqa: ARG002 - a site looks at it
        """Whether the readiness probe of this container fails although its program answers."""
        return False

    def delay_s(self, service: str, data: bytes, *, answer: bool) -> float:  # noqa: ARG002 - a site looks at them
        """Seconds by which data on its way to a pod of the service comes late; `answer`: on its way to the client."""
        return 0.0
