"""Keywords about alerts: sent, carried by the broker, shown to the operator."""
