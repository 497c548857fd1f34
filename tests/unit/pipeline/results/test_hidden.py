"""What known bugs hide: by bug, by area, the critical tests first; and the settings that limit it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.results import hidden, limits, summary
from pipeline.results.limits import Limits
from pipeline.results.model import Attempt, Run, TestResult, Verdict
from pipeline.results.stamp import Stamp

STAMP = Stamp("one", "smoke", "deployed", False, "0.1.0", "abc")


def made(number: int, area: str, verdict: Verdict, *bugs: str, critical: bool = False) -> list[TestResult]:
    attempt = Attempt(verdict, reason=f"Known bug {bugs[0]}: x" if bugs else "", bugs=bugs)
    tags = (area, *(["critical"] if critical else []))
    names = (f"{area} {verdict} {bugs} {n}" for n in range(number))
    return [TestResult(name, name, "", "suites/x.robot", 1, tags, "", (), area, (attempt,)) for name in names]


RUN = Run(
    STAMP,
    "",
    1.0,
    (
        *made(3, "api", Verdict.PASSED),
        *made(2, "api", Verdict.KNOWN_BUG, "PZ-13667"),
        *made(8, "live", Verdict.PASSED),
        *made(3, "live", Verdict.KNOWN_BUG, "PZ-13271", "PZ-13667"),
        *made(1, "live", Verdict.KNOWN_BUG, "PZ-13271", critical=True),
    ),
)


def test_bugs_stand_in_the_order_of_what_they_hide() -> None:
    assert [(one.key, len(one.tests)) for one in hidden.by_bug(RUN)] == [("PZ-13667", 5), ("PZ-13271", 4)]
    assert all(one.title for one in hidden.by_bug(RUN))


def test_an_area_of_which_more_than_the_share_is_hidden_is_named() -> None:
    assert [(one.area, one.hidden, one.tests) for one in hidden.areas(RUN, 1 / 3)] == [("api", 2, 5)]
    assert [one.area for one in hidden.areas(RUN, 0.3)] == ["api", "live"]
    assert hidden.areas(RUN, 0.4) == []


def test_the_critical_test_is_named_first() -> None:
    first, area, bug = hidden.warnings(RUN, Limits(4, 1 / 3))
    assert first.startswith("Critical test hidden by PZ-13271: live")
    assert area == "2 of 5 tests of area api are hidden by known bugs"
    assert bug.startswith("PZ-13667 hides 5 tests: ")


def test_screen_and_page_count_known_bugs_apart_from_skipped_tests() -> None:
    for text in (summary.screen(RUN, {}), summary.markdown(RUN)):
        assert "11 passed, 0 failed, 6 known bugs, 0 skipped" in text
        assert text.index("Critical test hidden") < text.index("tests of area api")
    assert "| live | 8 | 0 | 4 | 0 | 0 |" in summary.markdown(RUN)
    assert "| PZ-13667 | 5 | " in summary.markdown(RUN)


def test_the_settings_of_the_project_are_whole() -> None:
    assert 0 < limits.limits().hidden_of_an_area < 1
    assert limits.retention().runs > 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "known_bugs: 3",
        "known_bugs: {hidden_by_one_bug: 3}",
        "known_bugs: {hidden_by_one_bug: 3, hidden_of_an_area: yes}",
        "known_bugs: {hidden_by_one_bug: -3, hidden_of_an_area: 0.3}",
        "known_bugs: {hidden_by_one_bug: 3, hidden_of_an_area: 0.3, more: 1}",
        "known_bugs: [",
    ],
)
def test_wrong_settings_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "results.yaml").write_text(text)
    with pytest.raises(RunError, match=r"^results\.yaml"):
        limits.limits(tmp_path / "results.yaml")
