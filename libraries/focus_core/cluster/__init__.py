"""The Kubernetes cluster: its client, workloads and the jobs of views."""
