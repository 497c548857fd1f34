"""The name of a data set says whose it is and until when it may stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from focus_core.base.run_identity import run_id
from focus_core.data import names


def test_a_name_can_be_taken_apart() -> None:
    name = names.new(timedelta(hours=2))
    again = names.parsed(name.text)
    assert again == name
    assert again.until - again.made == timedelta(hours=2)
    assert again.run == run_id()
    assert names.new(timedelta(hours=2)) != name


def test_what_belongs_to_a_set_is_known_by_its_name() -> None:
    name = names.new(timedelta(hours=2)).text
    assert names.of_object(f"{name}.17") == name
    assert names.of_object(name) == name


@pytest.mark.parametrize("other", ["alert-20261201-110000-ab12-0-3f9a1c2b", "testdata-", "testdata-now", "", 5, None])
def test_nothing_else_is_taken_for_test_data(other: object) -> None:
    assert names.of_object(other) is None
    with pytest.raises(ValueError, match="no name of a data set"):
        names.parsed(str(other))


def test_a_longer_word_is_another_name() -> None:
    assert names.of_object(f"{names.new(timedelta(hours=2))}0") is None
