"""The pod monitor of a run: started and ended with it, and what the run reports of it."""
