"""What a CI pipeline does with the tests: cut them into shards, put the results together, judge and show them."""
