"""Weather Station: what its site file holds, and the client of its service."""
