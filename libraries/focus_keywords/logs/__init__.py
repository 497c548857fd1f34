"""Keywords about errors in the logs of the pods."""
