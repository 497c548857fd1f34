"""Which scenarios of the catalogue tests show, and how far that is from what was agreed."""
