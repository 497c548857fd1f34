"""How the site starts, is repaired, ends, and stops by itself."""
