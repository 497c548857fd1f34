"""One failed test: its evidence, and a draft of a bug."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mcp_servers.base.allowed import run_name
from mcp_servers.base.text import untrusted
from pipeline.bug import document, folder, found, report, requests
from pipeline.bug.found import Failure
from pipeline.commands.bug import past_of
from pipeline.results import steps
from pipeline.results.steps import Step

_REQUESTS = 5
_STEPS = 40
_MARKS = {"PASS": "ok", "FAIL": "FAILED", "SKIP": "skipped"}
_DRAFT = 6000


def failure(run: str, test: str) -> dict[str, Any]:
    """The evidence of one failed test of a run: path of keywords, message, steps, last requests with their answers,
    lines of the pods, files. `test` is its name, or a part of it that no other failed test has."""
    one = found.failure(run_name(run), test)
    calls = one.bundle.calls if one.bundle else []
    known = requests.of(calls)
    return {
        "test": one.test.id,
        "scenario": [one.test.key, *one.test.covers],
        "site": one.run.site,
        "verdict": str(one.test.verdict),
        "known_bugs": list(one.test.bugs),
        "keywords": list(one.test.keywords),
        "message": untrusted(one.test.message),
        "steps": untrusted("\n".join(map(_step, steps.of(one.test, one.output)[-_STEPS:]))),
        "calls": requests.counted(calls),
        "requests": [untrusted(f"{request.command}\n{request.answer}", 1200) for request in known[-_REQUESTS:]],
        "pods": list(_pods(one)),
        "files": [f"{one.folder}/{name}" for name in one.test.evidence if (one.folder / name).is_file()],
    }


def _step(step: Step) -> str:
    return f"{_MARKS.get(step.status, step.status):<8}{'    ' * step.depth}{step.text}"


def _pods(one: Failure) -> Iterator[dict[str, Any]]:
    """Name and lines of each pod in the time of the test."""
    for pod in one.bundle.content["pods"] if one.bundle else []:
        yield {"pod": pod["pod"], "lines": untrusted(pod["text"], 1500)}


def draft_bug(run: str, test: str) -> dict[str, Any]:
    """A bug report of a failed test: title and Markdown text. It files nothing and writes nothing."""
    one = found.failure(run_name(run), test)
    whole = folder.clean(report.document(one, steps.of(one.test, one.output), past_of(one), picture=False))
    return {"title": untrusted(whole.title, 300), "text": untrusted(document.markdown(whole), _DRAFT)}
