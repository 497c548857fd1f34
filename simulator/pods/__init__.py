"""The programs that run in the site's pods."""
