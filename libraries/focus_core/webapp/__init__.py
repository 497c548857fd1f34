"""The web app and its alerts."""
