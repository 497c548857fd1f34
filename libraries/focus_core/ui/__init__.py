"""The operator's page as a browser shows it: which browser, how it is started, and what is judged of the page."""
