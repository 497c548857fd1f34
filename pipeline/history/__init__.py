"""What earlier runs show of the tests: results/history.db, made of every run's metrics.json."""
