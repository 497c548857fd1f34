"""Why a test failed: the evidence of a run, judged by rules."""
