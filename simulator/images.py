"""Which program a container image of the simulated site runs.

The cluster looks a pod's image up here (name without tag). An image that is not in the table cannot be pulled,
as on a real node.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Image:
    """How to run an image: the module whose ``main()`` is the program, and whether the fork server starts it.

    ``forked`` programs share the memory of one loaded parent; the others are started as ``python -m module``
    because they replace themselves by another program.
    """

    module: str
    forked: bool


IMAGES: dict[str, Image] = {
    "pzlinux/focus-server": Image("simulator.focus.main", forked=True),
    "pzlinux/webapp": Image("simulator.webapp.main", forked=True),
    "ingress": Image("simulator.ingress.main", forked=True),
    "pzlinux/grpc-job": Image("simulator.job.stream", forked=True),
    "cleanup-grpc": Image("simulator.job.cleanup", forked=True),
    "pzlinux/segy-recorder": Image("simulator.recorder", forked=True),
    "pzlinux/preprocessor": Image("simulator.preprocessor", forked=True),
    "mongodb": Image("simulator.database", forked=False),
    "rabbitmq": Image("simulator.broker", forked=False),
}

# Imported once by the fork server, so that fifty jobs share one copy. grpc is imported there and never used:
# a process that forks after gRPC has started its threads hangs.
PRELOAD: tuple[str, ...] = (
    "simulator.focus.main",
    "simulator.webapp.main",
    "simulator.ingress.main",
    "simulator.job.stream",
    "simulator.job.cleanup",
    "simulator.recorder",
    "simulator.preprocessor",
)
