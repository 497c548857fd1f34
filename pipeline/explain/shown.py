"""An explanation as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from focus_core.site import secrets

from pipeline.explain import evidence
from pipeline.explain.evidence import Evidence
from pipeline.explain.rules import Cause
from pipeline.results.model import Verdict

_VERDICTS = {Verdict.KNOWN_BUG: "failed because of a known bug"}


def text(found: Evidence, causes: Sequence[Cause]) -> str:
    """For people, without secrets: the likely cause with what shows it, what else may be, and what to look at next."""
    failure, likely = found.failure, causes[0]
    verdict = _VERDICTS.get(failure.test.verdict, "failed")
    lines = [
        f"{failure.test.id} {verdict} on {failure.run.site or 'an unnamed site'}, run "
        f"{failure.run.stamp.run_id or failure.folder.name}:",
        f"  {failure.test.reason}",
        "",
        f"likely cause: {likely.name}",
        *_account(likely),
    ]
    for cause in causes[1:]:
        lines += ["", f"also: {cause.name}", *_account(cause)]
    steps = list(dict.fromkeys(step for cause in causes for step in cause.next_steps))
    lines += ["", "next:", *(f"  {number}. {step}" for number, step in enumerate(steps, 1))]
    files = evidence.files(failure)
    lines += ["", "files:", *(f"  {_shown(path)}" for path in files)] if files else []
    return str(secrets.redacted("\n".join(lines)))


def _account(cause: Cause) -> list[str]:
    return [f"  {cause.sentence}", *(f"    {line}" for one in cause.shown_by for line in one.splitlines())]


def _shown(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
