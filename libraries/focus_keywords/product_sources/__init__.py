"""Keywords about a checkout of the product's sources."""
