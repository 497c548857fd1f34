"""The results of a measurement, as data and as a page."""
