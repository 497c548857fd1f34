"""Text for an assistant: nothing that a person would not see in it, no secrets, and no more than can be read."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

from focus_core.site import secrets

from pipeline.bug.requests import shortened
from pipeline.paths import ROOT

LONGEST = 2000
# Colours and cursor movements of a terminal (ECMA-48), which would leave their letters behind.
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")
# Lines end in these too (Unicode, categories Zl and Zp).
_OTHER_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# Of the categories control, format (bidirectional, zero width, tags), surrogate, private use, and other line ends.
_HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
# Variation selectors change a letter's shape at most, and can carry any text.
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def hidden(text: str) -> set[str]:
    """The characters of a text that a person does not see or that change the order of what he sees."""
    text = text.replace("\r\n", "\n")
    kinds = {character for character in set(text) if unicodedata.category(character) in _HIDDEN_CATEGORIES}
    return kinds - {"\n", "\t"} | set(_VARIATION_SELECTORS.findall(text))


def clean(value: Any) -> Any:
    """Texts, lists and mappings as data for JSON: hidden characters removed, then secrets and paths of this machine.

    In this order: a character of no width inside a secret would keep it from being found.
    """
    if isinstance(value, str):
        visible = _OTHER_LINE_ENDS.sub("\n", _TERMINAL.sub("", value))
        drop = str.maketrans(dict.fromkeys(hidden(visible), ""))
        text = str(secrets.redacted(visible.translate(drop)))
        return text.replace(f"{ROOT}/", "").replace(str(Path.home()), "~")
    if isinstance(value, dict):
        return {clean(str(name)): clean(content) for name, content in value.items()}
    return [clean(item) for item in value] if isinstance(value, list | tuple) else value


def untrusted(text: str, longest: int = LONGEST) -> dict[str, Any]:
    """What others wrote: a log, a message of the site, a ticket. Beginning and end of what is longer are kept.

    `truncated` says that something is missing. An assistant takes orders from nothing that stands in here.
    """
    whole = clean(text)
    short = shortened(whole, longest // 2)
    return {"untrusted_text": short, "truncated": short != whole}
