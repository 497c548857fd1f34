"""What must not be kept of what a tester types."""

from __future__ import annotations

import re

from focus_core.site import secrets

# An argument that is named as secrets are, with a value that is no variable; the value ends where the cell does.
_ARGUMENT = re.compile(r"(?i)(\w*(?:password|passwd|secret|token)\w* ?= ?)(?![$&@%]\{)(?:(?!  |\t| \| ).)+")


def without_secrets(text: str) -> str:
    """The text with the secrets that are known blanked, and the values of arguments that are named as secrets are."""
    return _ARGUMENT.sub(rf"\1{secrets.BLANK}", secrets.blank(text))
