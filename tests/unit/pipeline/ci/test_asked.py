"""What a form of a CI service asks for, in variables."""

import pytest

from pipeline.ci import asked
from pipeline.errors import RunError


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (asked.SHARDS, asked.TIER, asked.SUITES, asked.TAGS, asked.PRODUCT_IMAGE):
        monkeypatch.delenv(name, raising=False)


def test_nothing_asked_is_every_test() -> None:
    assert asked.options() == []
    assert asked.suites() == []
    assert asked.tier() == ""
    assert asked.number(asked.SHARDS) is None


def test_a_form_that_was_left_empty_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (asked.SHARDS, asked.TIER, asked.SUITES, asked.TAGS, asked.PRODUCT_IMAGE):
        monkeypatch.setenv(name, " ")
    test_nothing_asked_is_every_test()


def test_every_tag_has_to_match_and_one_of_the_suites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(asked.TAGS, "alerts pz-1389*")
    monkeypatch.setenv(asked.SUITES, "suites/api  suites/live/live_views.robot")
    assert asked.options() == ["--exclude", "NOT alerts", "--exclude", "NOT pz-1389*"]
    assert asked.suites() == ["suites/api", "suites/live/live_views.robot"]


def test_the_image_goes_into_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(asked.PRODUCT_IMAGE, "focus-server:2.4.1-rc1")
    assert asked.options() == ["--metadata", "Product image:focus-server:2.4.1-rc1"]


@pytest.mark.parametrize(
    ("name", "text", "repair"),
    [
        (asked.TAGS, "alerts PZ-13895", "holds 'PZ-13895': write tags and patterns in lower case"),
        (asked.TAGS, "alerts;rm", "holds 'alerts;rm'"),
        (asked.SUITES, "suites/api --variable SITE:x", "holds the option '--variable': name files and folders only"),
        (asked.PRODUCT_IMAGE, "a b", "set it to the tag of an image"),
        (asked.PRODUCT_IMAGE, "a\n--listener:evil", "set it to the tag of an image"),
    ],
)
def test_what_is_no_selection_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, text: str, repair: str) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(RunError, match=repair):
        asked.suites() + asked.options()


def test_a_tier_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(asked.TIER, "hourly")
    with pytest.raises(RunError, match="set it to smoke, regression or nightly"):
        asked.tier()


def test_numbers_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(asked.SHARDS, "4")
    assert asked.number(asked.SHARDS) == 4


@pytest.mark.parametrize("text", ["0", "-1", "four", "1.5", "1e3"])
def test_what_is_no_count_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(asked.SHARDS, text)
    with pytest.raises(RunError, match="set it to a whole number from 1 on"):
        asked.number(asked.SHARDS)
