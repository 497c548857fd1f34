"""The sixty-second verdict: the tests that find most in little time."""
