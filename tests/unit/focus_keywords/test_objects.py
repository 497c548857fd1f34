"""The objects that keywords return: documented to the last attribute, and never changed by a test."""

from __future__ import annotations

import dataclasses

import pytest
from focus_core.base.objects import attributes
from focus_keywords.objects import OBJECTS

from pipeline import objects_page


@pytest.mark.parametrize("kind", OBJECTS, ids=lambda kind: kind.__name__)
def test_an_object_is_documented_frozen_and_has_words(kind: type) -> None:
    sentence, rows = objects_page.described(kind)
    assert sentence.endswith(".")
    assert sorted(name for names, _ in rows for name in names) == sorted(attributes(kind))
    assert issubclass(kind, tuple) or kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__str__" in vars(kind), "str() is what a failure shows"


def test_an_attribute_is_a_row() -> None:
    @dataclasses.dataclass(frozen=True)
    class Thing:
        """A thing of
        two lines.

        - ``name``, ``place``: two of them | at once
        - ``size``: how large
          it is (m)
        """

    assert objects_page.section(Thing) == (
        "## Thing\n\nA thing of two lines.\n\n| attribute | what it is |\n|---|---|\n"
        "| `name`, `place` | two of them \\| at once |\n| `size` | how large it is (m) |\n"
    )
