"""Whether the job of a view runs, as the cluster has it: what the server reports of a job is judged by that."""

from focus_core.run import clients
from focus_core.site import data as site_data
from focus_core.views.view import View


def runs_in_the_cluster(view: View) -> bool | None:
    """Whether the pod of the view's job is ready, or its job is over already; None where there is no cluster to ask.

    To be asked right after the server called the job running.
    """
    site = site_data.site()
    if "kubernetes" not in site.capabilities:
        return None
    from focus_core.cluster.view_jobs import ViewInCluster  # only where a job ran at the first look

    pods = ViewInCluster(clients.cluster(), site.job_prefix, view.job_id).pods()
    return any(pod.ready or pod.phase == "Succeeded" for pod in pods)
