"""Pages that are written for GitHub have the same lists in the site."""

from __future__ import annotations

import markdown
import pytest

from pipeline.docs_site.dialect import for_mkdocs


def html(text: str) -> str:
    shown = markdown.markdown(for_mkdocs(text), extensions=["pymdownx.superfences", "tables"])
    return "".join(line.strip() for line in shown.split("\n"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Text:\n- one\n- two", "<p>Text:</p><ul><li>one</li><li>two</li></ul>"),
        (
            "- Tests:\n  - one\n  - two\n- next",
            "<ul><li>Tests:<ul><li>one</li><li>two</li></ul></li><li>next</li></ul>",
        ),
        ("1. one\n   more\n2. two", "<ol><li>onemore</li><li>two</li></ol>"),
        ("- one\n\nText", "<ul><li>one</li></ul><p>Text</p>"),
    ],
)
def test_lists(text: str, expected: str) -> None:
    assert html(text) == expected


def test_code_inside_an_item_stays_code_of_the_item() -> None:
    shown = html("1. Do this:\n\n   ```\n   - no item\n   ```\n2. next")
    assert shown.count("<ol>") == 1
    assert "- no item" in shown
    assert "<ul>" not in shown


def test_code_is_left_as_it_is() -> None:
    text = "```\nText\n- no list\n  - none\n```"
    assert for_mkdocs(text) == text
