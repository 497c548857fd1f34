"""Keywords about the cluster: workloads, jobs of views, the Focus Server's pod, side effects of requests."""
