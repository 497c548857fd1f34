"""The strength of the tests: response mutants that they kill, defects of the simulated site that they detect."""
