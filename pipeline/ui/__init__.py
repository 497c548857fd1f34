"""The browser of the UI tests, and the pictures that people approve."""
