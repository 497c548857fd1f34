"""The site file: its model, loading, secrets and locks."""
