"""Logs and pictures of failed tests, made fit to leave this machine: small enough, and without secrets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from focus_core.site import secrets

from pipeline.results.model import TestResult, Verdict
from pipeline.xray.settings import EvidenceLimits

PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
TEXTS = {".log": "text/plain", ".txt": "text/plain", ".jsonl": "text/plain", ".json": "application/json"}
KB = 1024
BLANK = secrets.BLANK
# What is secret whatever its value is: listeners blank the site's secrets in messages, but the files of pods are as the
# pods wrote them.
SECRET_LIKE = (
    (re.compile(r"(?i)\b(authorization\"?\s*[:=]\s*\"?(?:bearer|basic)\s+)[\w.~+/=-]+"), rf"\1{BLANK}"),
    (re.compile(r"(?i)\b((?:set-)?cookie\"?\s*:\s*\"?)[^\"\r\n]+"), rf"\1{BLANK}"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), BLANK),
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]+:)[^\s@/]+(?=@)"), rf"\1{BLANK}"),
    (
        re.compile(
            r"(?i)((?:password|passwd|secret|token|api[_-]?key|access[_-]?key)\w*[\"']?\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&}\"']+)"
        ),
        rf"\1{BLANK}",
    ),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), BLANK),
)


@dataclass(frozen=True)
class Evidence:
    """A file as it is sent. Its name has a digest of its content, so that it is found again and not sent twice."""

    filename: str
    media_type: str
    content: bytes


def of_run(
    tests: Iterable[TestResult], folders: Sequence[Path], limits: EvidenceLimits
) -> tuple[dict[str, list[Evidence]], list[str]]:
    """The evidence of each failed test by the test's id, and notes on what stays out. `folders` hold the logs."""
    found: dict[str, list[Evidence]] = {}
    notes = []
    left = limits.run_mb * KB * KB
    for test in tests:
        if test.verdict not in (Verdict.FAILED, Verdict.KNOWN_BUG):
            continue
        paths = [path for name in test.evidence if (path := _inside(name, folders))]
        if len(paths) > limits.files_of_a_test:
            notes.append(f"{len(paths) - limits.files_of_a_test} files of '{test.name}' are not sent: too many.")
        for path in paths[: limits.files_of_a_test]:
            one = _read(path, limits)
            if one is None or len(one.content) > left:
                notes.append(f"{path.name} of '{test.name}' is not sent: too large, or no log or picture.")
                continue
            left -= len(one.content)
            found.setdefault(test.id, []).append(one)
    return found, notes


def _inside(name: str, folders: Sequence[Path]) -> Path | None:
    """The file of this name in one of the folders, and not outside of them whatever the log links to."""
    for folder in folders:
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return path
    return None


def _read(path: Path, limits: EvidenceLimits) -> Evidence | None:
    ending = path.suffix.lower()
    if ending in PICTURES:
        if path.stat().st_size > limits.picture_kb * KB:
            return None
        content, media_type = path.read_bytes(), PICTURES[ending]
    elif ending in TEXTS:
        content, media_type = head_and_tail(path, limits.text_kb * KB), TEXTS[ending]
    else:
        return None
    digest = hashlib.sha256(content).hexdigest()[:8]
    return Evidence(f"{path.stem[:80]}-{digest}{ending}", media_type, content)


def head_and_tail(path: Path, most: int) -> bytes:
    """A text without secrets, of about `most` bytes: whole lines of its head and its tail."""
    size = path.stat().st_size
    if size <= most:
        return redacted(path.read_text(encoding="utf-8", errors="replace")).encode()
    with path.open("rb") as file:
        head = file.read(most // 2).rpartition(b"\n")[0]
        file.seek(size - most // 2)
        tail = file.read().partition(b"\n")[2]
    left_out = size - len(head) - len(tail)
    parts = [redacted(part.decode("utf-8", errors="replace")) for part in (head, tail)]
    return f"\n[... {left_out} bytes are left out ...]\n".join(parts).encode()


def redacted(text: str) -> str:
    """The text without known secrets and without what looks like one."""
    text = secrets.blank(text)
    for pattern, replacement in SECRET_LIKE:
        text = pattern.sub(replacement, text)
    return text
