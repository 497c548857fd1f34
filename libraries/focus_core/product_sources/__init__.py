"""A checkout of the product's sources: what it holds at a commit, and what changed between two."""
