"""What a change of the product's sources means for the tests, and notes of its contract."""
