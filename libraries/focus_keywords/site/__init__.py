"""Keywords that open and close the site."""
