"""Keywords about disruption: faults, and what clients see during an outage."""
