"""The folder of a report: the texts, the picture, the bundle, and what is too long for a text."""

from __future__ import annotations

import json
import re
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from focus_core.run import pictures
from focus_core.site import secrets

from pipeline.bug import document, jira, report, requests
from pipeline.bug.document import Document
from pipeline.bug.found import Failure
from pipeline.bug.report import Past
from pipeline.paths import RESULTS, ROOT
from pipeline.replay.bundles import Bundle
from pipeline.results import steps

FOLDER = RESULTS / "bugs"
_HTTP_ERROR = 400


def write(failure: Failure, past: Past, folder: Path | None = None) -> Path:
    """Writes the report and returns its folder: a report of the same test and run is replaced."""
    folder = folder or FOLDER / _name(failure)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if failure.bundle:
        _write_bundle(failure.bundle, folder)
    whole = clean(report.document(failure, steps.of(failure.test, failure.output), past, picture=bool(failure.bundle)))
    texts = {
        "report.md": document.markdown(whole),
        "jira.txt": jira.wiki(whole),
        "jira.adf.json": json.dumps(jira.adf(whole), ensure_ascii=False, indent=1),
        "title.txt": whole.title,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def clean(whole: Document) -> Document:
    """The report without secrets and without paths of this machine."""
    return Document(_clean(whole.title), tuple(type(block)(**_clean(vars(block))) for block in whole.blocks))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return secrets.redacted(value).replace(f"{ROOT}/", "").replace(str(Path.home()), "~")
    if isinstance(value, tuple):
        return tuple(map(_clean, value))
    return {name: _clean(content) for name, content in value.items()}


def _name(failure: Failure) -> str:
    readable = re.sub(r"\W+", "_", failure.test.name)[:60].strip("_")
    return f"{failure.run.stamp.run_id or failure.folder.name}-{readable}"


def _write_bundle(bundle: Bundle, folder: Path) -> None:
    shutil.copyfile(bundle.path, folder / report.BUNDLE)
    pods = bundle.content["pods"]
    if pods:
        text = "\n".join(f"==> {pod['pod']} <==\n{pod['text']}" for pod in pods)
        (folder / "pods.log").write_text(text, encoding="utf-8")
    found = requests.of(bundle.calls)
    if found:
        script = folder / "requests.sh"
        answers = [f"# {request.answer.splitlines()[0]}\n{request.command}\n" for request in found]
        script.write_text("\n".join(["#!/bin/sh", *answers]), encoding="utf-8")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    begun, rows = timeline(bundle.calls)
    pictures.draw_calls(folder / report.TIMELINE, bundle.test, rows, bundle.content["ended"] - begun)


def timeline(calls: list[dict[str, Any]]) -> tuple[float, Mapping[str, list[tuple[float, float, bool]]]]:
    """When the first call began (epoch); by interface begin and duration of each call, and whether it went wrong."""
    calls = [call for call in calls if call["door"] in requests.DOORS]
    begun = min((call["at"] for call in calls), default=0.0)
    rows: dict[str, list[tuple[float, float, bool]]] = {}
    for call in calls:
        wrong = "error" in call or (call["door"] in ("http", "kubernetes") and _status(call) >= _HTTP_ERROR)
        rows.setdefault(call["door"], []).append((call["at"] - begun, call["seconds"], wrong))
    return begun, rows


def _status(call: dict[str, Any]) -> int:
    return int(call["answer"]["status"]) if "answer" in call else 0
