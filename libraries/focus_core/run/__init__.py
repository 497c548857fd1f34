"""What belongs to one run: this lane's clients, clean-up, evidence, probes, known bugs, the listener."""
