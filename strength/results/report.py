"""Writes strength.json and the page; the summary for the console."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from strength.mutants import json_paths as properties
from strength.mutants.mutants import Mutant
from strength.results.html_page import html
from strength.results.results import DEFECTS, DETECTED, KILLED, MUTANTS, NOT_TRIED, SURVIVED, Outcome, Result


def write(outcome: Outcome, folder: Path) -> Path:
    """Write both files; returns the path of the page."""
    content = data(outcome)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=1, ensure_ascii=False)
    folder.joinpath("strength.json").write_text(text + "\n", encoding="utf-8")
    page = folder / "index.html"
    page.write_text(html(content), encoding="utf-8")
    return page


def summary(outcome: Outcome) -> str:
    """The result in a few lines."""
    content = data(outcome)
    lines = [f"\nSIMULATED site, area {outcome.area}, {outcome.seconds / 60:.1f} min"]
    for name, what, found in ((MUTANTS, "response mutants", KILLED), (DEFECTS, "defects", DETECTED)):
        score = content["score"][name]
        if score["all"]:
            lines.append(f"{what}: {score[found]} of {score['all']} {found} ({score['share']:.1%})")
    count = len(outcome.ineffective())
    detail = "a sample does not show which detect nothing" if outcome.quick else f"{count} detect nothing"
    lines.append(f"tests: {len(content['tests'])}; {detail}")
    return "\n".join(lines)


def data(outcome: Outcome) -> dict[str, Any]:
    """The content of strength.json: everything, in a stable order."""
    mutants = sorted(outcome.mutants.items(), key=lambda pair: pair[0].name)
    defects = sorted(outcome.defects.items(), key=lambda pair: pair[0].name)
    return {
        "simulated": True,
        "area": outcome.area,
        "tests_chosen": outcome.pattern,
        "quick": outcome.quick,
        "workers": outcome.workers,
        "started": outcome.started,
        "seconds": round(outcome.seconds, 1),
        "phases": {name: round(seconds, 1) for name, seconds in outcome.phases.items()},
        "finished": outcome.finished,
        "problems": outcome.problems(),
        "score": {
            MUTANTS: _score([result for _, result in mutants], KILLED),
            DEFECTS: _score([result for _, result in defects], DETECTED),
            "operators": _scores(mutants, lambda mutant: mutant.operator),
            "endpoints": _scores(mutants, lambda mutant: mutant.kind[0]),
            "answers": _scores(mutants, lambda mutant: " ".join(map(str, mutant.kind))),
        },
        "tests": [_test(outcome, name) for name in sorted(outcome.records, key=lambda test: test.full_name)],
        "mutants": [_mutant(mutant, result) for mutant, result in mutants],
        "defects": [
            {
                "name": defect.name,
                "bug": defect.bug_key,
                "area": defect.area,
                "sentence": defect.sentence,
                **_result(result),
            }
            for defect, result in defects
        ],
        "left_out": [
            {"name": mutant.name, "reason": reason}
            for mutant, reason in sorted(outcome.left_out.items(), key=lambda pair: pair[0].name)
        ],
        "not_defects": dict(outcome.not_defects),
        "too_long": dict(outcome.too_long),
        "not_sampled": outcome.not_sampled,
    }


def _test(outcome: Outcome, test: Any) -> dict[str, Any]:
    record = outcome.records[test]
    ineffective = record in outcome.ineffective()
    passing = "detects" if record.detections else "passing"
    verdict = {"passing": passing, "skipped": passing if record.needs else "skipped"}.get(
        record.verdict, record.verdict
    )
    return {
        "name": test.name,
        "verdict": "detects nothing" if ineffective else verdict,
        "seconds": round(record.seconds, 2),
        "exclusive": test.exclusive,
        "operations": sorted({" ".join(map(str, kind)) for kind in record.traffic}),
        "needs": list(record.needs),
        "message": record.message,
        "detections": sorted(record.detections),
    }


def _mutant(mutant: Mutant, result: Result) -> dict[str, Any]:
    operation, status = mutant.kind
    return {
        "name": mutant.name,
        "operation": operation,
        "status": status,
        "property": None if mutant.place is None else properties.text(mutant.place),
        "operator": mutant.operator,
        "detail": mutant.detail,
        **_result(result),
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "outcome": result.outcome,
        "by": result.by,
        "message": result.message,
        "tried": result.tried,
        "candidates": result.candidates,
        "applied": result.applied,
    }


def _score(results: list[Result], found: str) -> dict[str, Any]:
    """Counts by outcome; `found` is the good one, and `share` its share (1 when there is nothing)."""
    outcomes = (found, SURVIVED, NOT_TRIED)
    counts = {outcome: sum(result.outcome == outcome for result in results) for outcome in outcomes}
    return {"all": len(results), **counts, "share": counts[found] / len(results) if results else 1.0}


def _scores(results: list[tuple[Mutant, Result]], group: Callable[[Mutant], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Result]] = {}
    for mutant, result in results:
        groups.setdefault(group(mutant), []).append(result)
    return {name: _score(groups[name], KILLED) for name in sorted(groups)}
