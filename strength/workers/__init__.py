"""Workers: processes that run one test at a time on a simulated site."""
