"""The ingress pod: the one HTTPS door to Focus Server and the web app."""
