"""variables/baseline.yaml: what is wrong in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.baseline import settings
from pipeline.errors import RunError


def test_the_file_of_the_project_is_read_whole() -> None:
    found = settings.read()
    assert found.judged
    assert found.rule.floors["ms"] == 10


@pytest.mark.parametrize(
    ("section", "content", "sentence"),
    [
        ("rule", {"window": 20}, r"'rule' needs exactly change, .*: repair it\."),
        ("judged", "p95", r"'judged' is no list of figures: write for example \[p95\]\."),
        ("floors", [10], r"'floors' has no line for each unit: write for example 'ms: 10'\."),
        ("floors", {"ms": -1}, r"'ms' is -1: give a number of 0 or more\."),
        ("floors", {"ms": True}, r"'ms' is True: give a number of 0 or more\."),
        ("more", {}, r"needs exactly judged, rule and floors: repair it\."),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, section: str, content: object, sentence: str) -> None:
    path = tmp_path / "baseline.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(settings.FILE.read_text()) | {section: content}))
    with pytest.raises(RunError, match=f"baseline.yaml:? {sentence}"):
        settings.read(path)


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "baseline.yaml"
    path.write_text("rule: [")
    with pytest.raises(RunError, match=r"baseline\.yaml cannot be read"):
        settings.read(path)
