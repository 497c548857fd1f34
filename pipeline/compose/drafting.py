"""Recorded requests as the draft of a suite."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus

from pipeline.compose.operations import JOB, OPERATIONS, Names, raw
from pipeline.compose.recorded import Recorded
from pipeline.compose.suite_text import Draft, Step, cell

# Seconds or milliseconds of this century.
_EPOCH = re.compile(r"\b1[0-9]{9}(?:[0-9]{3})?\b")
_JOB = re.compile(rf"/{JOB}(?=[/?]|$)")


def draft(name: str, recorded: Iterable[Recorded]) -> Draft:
    """A suite of one test that does what was recorded, and checks what was seen."""
    names = Names()
    steps = [step for one in without_repetitions(recorded) for step in steps_of(one, names)]
    made = Draft(name, f"{name}. A draft made of recorded requests: keep what the test is about.", steps)
    made.used = names.used
    return made


def without_repetitions(recorded: Iterable[Recorded]) -> list[Recorded]:
    """Who waits asks the same again and again: of such requests the last one."""
    kept: list[Recorded] = []
    for one in recorded:
        if kept and kept[-1].asked == one.asked:
            kept.pop()
        kept.append(one)
    return kept


def steps_of(one: Recorded, names: Names) -> list[Step]:
    """The words for a request, or the request itself, marked."""
    job = _JOB.search(one.path)
    if job and job["job"] not in names.views:
        if one.status == HTTPStatus.NOT_FOUND and one.body is None:
            return [Step(["Job Should Not Be Found", one.method, cell(one.path)])]
        return [Step([], f"Left out: {one} is about a view that was opened before.")]
    if job and job["job"] in names.closed:
        return of_closed_view(one, names, job["job"])
    for door, method, pattern, words in OPERATIONS:
        match = re.fullmatch(pattern, one.path.partition("?")[0])
        if door == one.door and method == one.method and match:
            steps = words(one, names, match)
            if steps is not None:
                return steps
    if one.door == "webapp":
        return [Step([], f"No word yet: the web app answered {one.status} to {one}.")]
    times = " Its times are those of the recording: give others." if _EPOCH.search(f"{one.path} {one.body}") else ""
    steps = raw(one, f"No word yet: {one.method} {one.path.partition('?')[0]}.{times}")
    return [replace(step, cells=[of_views(text, names) for text in step.cells]) for step in steps]


def of_views(text: str, names: Names) -> str:
    """A cell with the variables of the views whose ids it names."""
    for job, view in names.views.items():
        text = re.sub(rf"(?<![\w-]){job}(?![\w-])", job_id(view), text)
    return text


def job_id(view: str) -> str:
    """The id of the job of a view's variable."""
    return f"{view.removesuffix('}')}.job_id}}"


def of_closed_view(one: Recorded, names: Names, job: str) -> list[Step]:
    """What the server says of a view that was closed before."""
    view = names.views[job]
    if one.status != HTTPStatus.NOT_FOUND:
        return [Step([], f"Left out: {one} was answered {one.status} after the view was closed.")]
    if one.method == "GET" and one.path == f"/ack/{job}":
        return [Step(["View Should Be Gone", view])]
    path = one.path.replace(job, job_id(view))
    return [Step(["Closed View Should Be Unknown To", view, one.method, path])]
