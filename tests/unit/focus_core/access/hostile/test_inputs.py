"""Data files of hostile input: what testers write, and what is wrong with what they write."""

from __future__ import annotations

from pathlib import Path

import pytest
from focus_core.access.hostile import inputs
from focus_core.base.errors import BenchError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(inputs, "FOLDER", tmp_path)
    return tmp_path


def written(folder: Path, text: str) -> list[inputs.Hostile]:
    (folder / "mine.yaml").write_text(f"class: Mine\ngoes_into: [text]\nanswer: refused\ninputs:\n{text}", "utf-8")
    return inputs.of_class("mine")


def test_every_file_can_be_read_and_has_a_row_in_a_suite() -> None:
    suites = Path(__file__).parents[5] / "suites" / "security"
    rows = "".join((suites / f"{name}.robot").read_text("utf-8") for name in ("injection", "malformed"))
    for name in inputs.classes():
        assert inputs.of_class(name)
        assert f"    {name}    at_least=" in rows, f"variables/hostile/{name}.yaml is sent by no test"


def test_a_text_goes_where_its_file_says(folder: Path) -> None:
    (one,) = written(folder, '  - "a\\"b"\n')
    assert (one.text, one.json, one.body, one.places, one.answer) == ('a"b', '"a\\"b"', None, ("text",), "refused")


def test_json_bodies_and_bytes(folder: Path) -> None:
    number, body, raw = written(folder, '  - {json: "1e999", answer: harmless}\n  - {body: "{"}\n  - {hex: fffe}\n')
    assert (number.json, number.text, number.answer) == ("1e999", None, "harmless")
    assert (body.body, body.places) == (b"{", ("body",))
    assert raw.body == b"\xff\xfe"


def test_times_repeats(folder: Path) -> None:
    (one,) = written(folder, "  - {value: ab, times: 3}\n")
    assert (one.text, one.shown) == ("ababab", "'ab' x 3")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  - {value: a, json: b}\n", "exactly one of value, json, body, hex"),
        ("  - {valeu: a}\n", "not valeu"),
        ("  - {value: a, goes_into: [everywhere]}\n", "goes_into has to be some of text, number"),
        ("  - {value: a, answer: good}\n", "answer one of refused, harmless"),
        ("", "'inputs' has to be a list"),
    ],
)
def test_a_mistake_is_named_with_its_place(folder: Path, text: str, words: str) -> None:
    with pytest.raises(BenchError, match=f"variables/hostile/mine.yaml.*{words}"):
        written(folder, text)


def test_an_unknown_class_names_those_there_are(folder: Path) -> None:
    written(folder, "  - a\n")
    for name in ("none", "requests"):
        with pytest.raises(BenchError, match=f"no class of hostile input '{name}'; choose one of mine"):
            inputs.of_class(name)
