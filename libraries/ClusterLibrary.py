"""The Kubernetes side of the site."""

from focus_core.base.quantities import Moment
from focus_core.base.words import CONVERTERS, Names, returned_by
from focus_core.views.view import View
from focus_keywords.cluster.jobs import ViewJobs
from focus_keywords.cluster.logs import LogsAndEvents, since
from focus_keywords.cluster.nodes import NodesAndWorkloads
from focus_keywords.cluster.pods import Pods
from focus_keywords.cluster.server_pod import ServerPod
from focus_keywords.cluster.side_effects import SideEffects
from focus_keywords.cluster.view_objects import JobsAndServices
from focus_keywords.cluster.workloads import RestartCounts, Workloads
from focus_keywords.library import KeywordLibrary
from robot.api.deco import library

_TAKEN = {
    **CONVERTERS,
    Moment: since,
    **returned_by("Open View", View),
    **returned_by("List What Runs In The Cluster", Names, str),
    **returned_by("Note Restarts Of The Workloads", RestartCounts),
}


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=_TAKEN)
class ClusterLibrary(KeywordLibrary):
    """The Kubernetes side of the site: its workloads and nodes, the Focus Server's pod, the jobs of views.

    Every keyword only looks; nothing here changes the cluster. Budgets are those of the site's timings. What stays
    behind when it should be gone is named, thing by thing. What a request leaves behind is a question for exclusive
    suites: views of other tests would be counted too.
    """

    def __init__(self) -> None:
        super().__init__(
            [
                Pods(),
                JobsAndServices(),
                LogsAndEvents(),
                NodesAndWorkloads(),
                ViewJobs(),
                ServerPod(),
                SideEffects(),
                Workloads(),
            ]
        )
