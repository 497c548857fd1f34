"""A Kubernetes API server, its controllers and a kubelet whose pods are local processes."""
