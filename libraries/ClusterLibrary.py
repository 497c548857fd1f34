"""The Kubernetes side of the site."""

from focus_keywords.cluster.jobs import ViewJobs
from focus_keywords.cluster.server_pod import ServerPod
from focus_keywords.cluster.side_effects import SideEffects
from focus_keywords.cluster.workloads import Workloads
from robot.api.deco import library
from robotlibcore import DynamicCore


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False)
class ClusterLibrary(DynamicCore):
    """The Kubernetes side of the site: its workloads and nodes, the Focus Server's pod, the jobs of views.

    Every keyword only looks; nothing here changes the cluster. Budgets are those of the site's timings. What stays
    behind when it should be gone is named, thing by thing. What a request leaves behind is a question for exclusive
    suites: views of other tests would be counted too.
    """

    def __init__(self) -> None:
        super().__init__([ViewJobs(), ServerPod(), SideEffects(), Workloads()])
