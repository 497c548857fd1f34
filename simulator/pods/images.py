"""Which program a container image of the simulated site runs.

The cluster looks a pod's image up here (name without tag). An image that is not in the table cannot be pulled,
as on a real node.
"""

from __future__ import annotations

from simulator.cluster.containers import Image

IMAGES: dict[str, Image] = {
    "pzlinux/focus-server": Image("simulator.pods.focus.main", forked=True),
    "pzlinux/webapp": Image("simulator.pods.webapp.main", forked=True),
    "ingress": Image("simulator.pods.ingress.main", forked=True),
    "pzlinux/grpc-job": Image("simulator.pods.job.stream", forked=True),
    "cleanup-grpc": Image("simulator.pods.job.cleanup", forked=True),
    "pzlinux/segy-recorder": Image("simulator.pods.recorder", forked=True),
    "pzlinux/preprocessor": Image("simulator.pods.preprocessor", forked=True),
    "mongodb": Image("simulator.pods.mongodb", forked=False),
    "rabbitmq": Image("simulator.pods.rabbitmq", forked=False),
}

# Imported once by the fork server, so that fifty jobs share one copy. grpc is imported there and never used:
# a process that forks after gRPC has started its threads hangs.
PRELOAD: tuple[str, ...] = (
    "simulator.pods.focus.main",
    "simulator.pods.webapp.main",
    "simulator.pods.ingress.main",
    "simulator.pods.job.stream",
    "simulator.pods.job.cleanup",
    "simulator.pods.recorder",
    "simulator.pods.preprocessor",
)
