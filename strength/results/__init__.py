"""What a measurement found, as data and as a page."""
