"""The simulated site of Weather Station: what it consists of, and the program of its pod."""
