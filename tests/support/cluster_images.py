"""The image table of the clusters under test: one small forked program and the same as a process of its own."""

from simulator.cluster.containers import Image

IMAGES = {
    "test/forked": Image("cluster_program", forked=True),
    "test/started": Image("cluster_program", forked=False),
}
# grpc as on a real site: the forked programs must be cheap although their parent has loaded it.
PRELOAD = ("grpc", "cluster_program")
