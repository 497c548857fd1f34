"""Casts hold what was written, in time, and nothing of this machine."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from pipeline.docs_site import walkthroughs
from pipeline.docs_site.casts import COLUMNS, Cast, Line, texts_of
from pipeline.paths import ROOT

CAST = Cast("A <test>", [Line("$ python run.py", 1.0, typed=True), Line("a < b & c", 30.0), Line("x" * 150, 0.5)])


def test_pauses_are_cut_and_long_lines_wrapped() -> None:
    assert [round(at, 1) for at, _line in CAST.timed()] == [1.0, 3.0, 3.5, 3.5]
    assert all(len(line.text) <= COLUMNS for _at, line in CAST.timed())


def test_what_is_written_can_be_read_again(tmp_path: Path) -> None:
    CAST.write(tmp_path / "one")
    assert "".join(texts_of(tmp_path / "one.cast")) == "".join(line.text for line in CAST.lines)
    picture = ElementTree.parse(tmp_path / "one.svg").getroot()  # noqa: S314 - written above
    assert [node.text for node in picture.iter("{http://www.w3.org/2000/svg}text")][:2] == [
        "$ python run.py",
        "a < b & c",
    ]


def test_places_of_this_machine_are_left_out() -> None:
    line = f"report: {ROOT / 'results' / 'try' / 'report.html'}"
    assert walkthroughs.without_places(line) == "report: results/try/report.html"


def test_every_walkthrough_is_recorded_and_small() -> None:
    for one in walkthroughs.all_walkthroughs():
        stem = walkthroughs.FOLDER / one.name
        texts = texts_of(stem.with_suffix(".cast"))
        typed = [text.removeprefix("$ python run.py ") for text in texts if text.startswith("$ python run.py ")]
        assert typed == one.commands
        pictures = [stem.with_suffix(".svg"), *([stem.with_suffix(".png")] if one.picture else [])]
        assert [picture.name for picture in pictures if picture.stat().st_size > 150_000] == []
