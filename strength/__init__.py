"""How many faults the tests catch: mutation testing of the suites against the simulated site."""
