"""How many faults the tests catch: changed answers (ring 1) and defects of the simulated site (ring 2)."""
