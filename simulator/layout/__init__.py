"""What the site consists of: ports, secrets, certificates, manifests, the site file."""
