"""What every package stands on: errors, waiting, words of testers, failures, HTTP."""
