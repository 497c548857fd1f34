"""How fast a site usually is, and whether a new run differs from that."""
