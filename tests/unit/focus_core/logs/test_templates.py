"""Lines of one kind are one template; kinds that no earlier run had are new."""

from __future__ import annotations

from pathlib import Path

import pytest
from focus_core.logs import templates


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("job 7-12 made for lane0", "job 31-4 made for lane3"),
        ("2026-12-01T05:00:00.123Z INFO x: 200 5ms", "2026-12-01T06:10:00.999Z INFO x: 404 17ms"),
        ("opened recording cd12fe at 5", "opened recording 91ab at 1796"),
        ("no file 'one.yaml' there", "no file 'two.yaml' there"),
    ],
)
def test_numbers_ids_times_and_quotes_make_no_difference(one: str, other: str) -> None:
    assert templates.template(one) == templates.template(other)


def test_words_make_a_difference() -> None:
    assert templates.template("the job was made") != templates.template("the job was removed")


def test_only_what_no_earlier_run_had_is_new(tmp_path: Path) -> None:
    counter = templates.TemplateCounter()
    counter.add("webapp", "job 7 made")
    counter.add("webapp", "job 8 made")
    assert dict(counter.counts) == {"webapp: job * made": 2}
    assert templates.new(counter.counts, templates.known(tmp_path)) == []
    templates.remember(tmp_path, counter.counts)
    counter.add("webapp", "the disk is full")
    assert templates.new(counter.counts, templates.known(tmp_path)) == ["webapp: the disk is full"]
    templates.remember(tmp_path, counter.counts)
    assert templates.new(counter.counts, templates.known(tmp_path)) == []


def test_a_program_that_logs_poems_does_not_fill_the_memory() -> None:
    counter = templates.TemplateCounter()
    for number in range(templates.MOST + 100):
        counter.add("x", "".join(chr(97 + int(digit)) for digit in str(number)))
    assert len(counter.counts) == templates.MOST + 1
    assert counter.counts[templates.OTHERS] == 100
