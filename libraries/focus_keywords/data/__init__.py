"""Keywords that make test data, look at them and remove them."""
