"""The ingress pod: the one HTTPS way to Focus Server and the web app."""
