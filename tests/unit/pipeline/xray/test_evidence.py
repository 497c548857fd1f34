"""Evidence leaves this machine small and without secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.xray_runs import a_test, attempt

from pipeline.results.model import Verdict
from pipeline.xray.evidence import head_and_tail, of_run, redacted
from pipeline.xray.settings import EvidenceLimits

LIMITS = EvidenceLimits(text_kb=4, picture_kb=4, inline_kb=1, files_of_a_test=2, run_mb=1)


def test_a_long_text_keeps_whole_lines_of_head_and_tail(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("".join(f"line {n} שורה\n" for n in range(5000)), encoding="utf-8")
    text = head_and_tail(path, 4096).decode()
    assert len(text.encode()) < 4300
    lines = text.splitlines()
    assert (lines[0], lines[-1]) == ("line 0 שורה", "line 4999 שורה")
    assert "bytes are left out" in text
    assert "\ufffd" not in text


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer s3cr3tvalue",
        '"authorization": "Basic s3cr3tvalue"',
        "Set-Cookie: session=s3cr3tvalue; Path=/",
        "mongodb://admin:s3cr3tvalue@mongo:27017",
        "password=s3cr3tvalue",
        '{"client_secret": "s3cr3tvalue"}',
        "api_key: s3cr3tvalue",
        "token eyJhbGciOiJIUzI1NiJ9.s3cr3tvalue.abc",
        "-----BEGIN RSA PRIVATE KEY-----\ns3cr3tvalue\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_what_looks_like_a_secret_is_blanked(text: str) -> None:
    found = redacted(f"before {text}\nafter")
    assert "s3cr3tvalue" not in found
    assert found.startswith("before ")
    assert found.endswith("after")


def test_ordinary_lines_stay_as_they_are() -> None:
    text = "GET http://host:8080/ack 200, 12 tokens read, tokenizer ok"
    assert redacted(text) == text


def test_only_files_beside_the_log_of_tests_that_failed_are_taken(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (tmp_path / "outside.log").write_text("no\n")
    for name in ("a.log", "b.log", "c.log", "x.bin"):
        (folder / name).write_text(f"{name}\n")
    (folder / "big.png").write_bytes(b"x" * 5000)
    names = ("../outside.log", "gone.log", "big.png", "x.bin", "a.log", "b.log")
    bad = a_test("Bad", "PZ-1", attempt(Verdict.FAILED, evidence=names))
    many = a_test("Many", "PZ-1", attempt(Verdict.FAILED, evidence=("a.log", "b.log", "c.log")))
    good = a_test("Good", "PZ-1", attempt(Verdict.PASSED, evidence=("a.log",)))
    found, notes = of_run([bad, many, good], [folder], LIMITS)
    assert [one.filename[:2] for one in found[many.id]] == ["a-", "b-"]
    assert bad.id not in found
    assert good.id not in found
    assert any("big.png" in note for note in notes)
    assert any("x.bin" in note for note in notes)
