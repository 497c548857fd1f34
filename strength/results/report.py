"""strength.json, the page, and the lines on the console."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from strength.mutants import json_paths as properties
from strength.mutants.mutants import Mutant
from strength.results.html_page import html
from strength.results.results import Hit, Outcome

OUTCOMES = ("caught", "survived", "not tried")


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
    for name, what in (("ring1", "changed answers"), ("ring2", "defects")):
        score = content["score"][name]
        if score["all"]:
            lines.append(f"{what}: {score['caught']} of {score['all']} caught ({score['share']:.1%})")
    silent = [test for test in content["tests"] if test["verdict"] == "catches nothing"]
    told = "a sample does not tell which of them catch nothing" if outcome.quick else f"{len(silent)} catch nothing"
    lines.append(f"tests: {len(content['tests'])}; {told}")
    return "\n".join(lines)


def data(outcome: Outcome) -> dict[str, Any]:
    """Everything, in a stable order."""
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
            "ring1": _score([hit for _, hit in mutants]),
            "ring2": _score([hit for _, hit in defects]),
            "operators": _scores(mutants, lambda mutant: mutant.operator),
            "endpoints": _scores(mutants, lambda mutant: mutant.kind[0]),
            "answers": _scores(mutants, lambda mutant: " ".join(map(str, mutant.kind))),
        },
        "tests": [_test(outcome, name) for name in sorted(outcome.records, key=lambda test: test.full_name)],
        "mutants": [_mutant(mutant, hit) for mutant, hit in mutants],
        "defects": [
            {"name": defect.name, "bug": defect.bug_key, "area": defect.area, "sentence": defect.sentence, **_hit(hit)}
            for defect, hit in defects
        ],
        "left_out": [
            {"name": mutant.name, "reason": reason}
            for mutant, reason in sorted(outcome.left_out.items(), key=lambda pair: pair[0].name)
        ],
        "no_fault": dict(outcome.no_fault),
        "too_long": dict(outcome.too_long),
        "not_sampled": outcome.not_sampled,
    }


def _test(outcome: Outcome, test: Any) -> dict[str, Any]:
    record = outcome.records[test]
    silent = record in outcome.silent()
    catches = "catches" if record.catches else "sound"
    verdict = {"sound": catches, "skipped": catches if record.needs else "skipped"}.get(record.verdict, record.verdict)
    return {
        "name": test.name,
        "verdict": "catches nothing" if silent else verdict,
        "seconds": round(record.seconds, 2),
        "exclusive": test.exclusive,
        "operations": sorted({" ".join(map(str, kind)) for kind in record.traffic}),
        "needs": list(record.needs),
        "message": record.message,
        "catches": sorted(record.catches),
    }


def _mutant(mutant: Mutant, hit: Hit) -> dict[str, Any]:
    operation, status = mutant.kind
    return {
        "name": mutant.name,
        "operation": operation,
        "status": status,
        "property": None if mutant.place is None else properties.text(mutant.place),
        "operator": mutant.operator,
        "detail": mutant.detail,
        **_hit(hit),
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "outcome": hit.outcome,
        "by": hit.by,
        "message": hit.message,
        "tried": hit.tried,
        "candidates": hit.candidates,
        "applied": hit.applied,
    }


def _score(hits: list[Hit]) -> dict[str, Any]:
    counts = {outcome: sum(hit.outcome == outcome for hit in hits) for outcome in OUTCOMES}
    return {"all": len(hits), **counts, "share": counts["caught"] / len(hits) if hits else 1.0}


def _scores(hits: list[tuple[Mutant, Hit]], group: Callable[[Mutant], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Hit]] = {}
    for mutant, hit in hits:
        groups.setdefault(group(mutant), []).append(hit)
    return {name: _score(groups[name]) for name in sorted(groups)}
