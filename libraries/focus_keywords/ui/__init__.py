"""Keyword classes of the UiLibrary: the operator's page as its user sees it."""
