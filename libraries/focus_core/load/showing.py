"""What the log of a test shows of a load, and what is kept of it beside the log."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from robot.api import logger

from focus_core.load import pictures
from focus_core.load.figures import Load
from focus_core.load.result import AlertsOutcome, Outcome
from focus_core.run import report, shown_values
from focus_core.site import data as site_data


def show(load: Load, test: str) -> Load:
    """A table, a picture and the file of a load, which is returned with it; ``test`` is that which applied it."""
    load = replace(load, file=_keep(load, test))
    logger.info(str(load))
    for sentence in load.result.unsampled:
        logger.info(sentence)
    outcomes = [one for action in load.result.actions for one in (action, *action.steps)]
    if outcomes:
        logger.info(shown_values.table(f"Actions of {load.name}", [_row(one) for one in outcomes]), html=True)
    if load.result.views and load.result.views.views:
        logger.info(shown_values.table("Views that were open", load.result.views.views), html=True)
    if load.result.alerts:
        _show_alerts(load.result.alerts, load)
    report.log_picture("load", lambda path: pictures.draw_load(path, str(load.name), load.result))
    return load


def _show_alerts(alerts: AlertsOutcome, load: Load) -> None:
    logger.info(str(alerts))
    for sentence in (*alerts.problems, *([alerts.broken] if alerts.broken else [])):
        logger.info(sentence)
    times = {"answered": load.result.whole.total, "came through the exchange": alerts.arrival}
    report.log_picture("times", lambda path: pictures.draw_times(path, str(load.name), times))


def note_limit(load: Load, figure: str, seconds: float) -> None:
    """What a test demands of a figure stands in the file of the load, for who compares it with others."""
    if not load.file.is_file():
        return
    with report.evidence_that_may_be_lost("limit of the load"):
        content = json.loads(load.file.read_text(encoding="utf-8"))
        content["limits"][figure] = seconds
        load.file.write_text(json.dumps(content), encoding="utf-8")


def _keep(load: Load, test: str) -> Path:
    """Writes plan and result, with all histograms, as a file beside the log: what baselines are made of."""
    path = report.output_folder() / f"load-{uuid4().hex[:8]}.json"
    content = {
        "name": load.name,
        "test": test,
        "site": site_data.site().name,
        "plan": json.loads(replace(load.plan, site="", users=(), urls={}).to_json()),
        "result": json.loads(load.result.to_json()),
        "limits": {},
    }
    with report.evidence_that_may_be_lost("result of the load"):
        path.write_text(json.dumps(content), encoding="utf-8")
        logger.info(f'<a href="{path.name}">{path.name}</a>: plan, result and histograms', html=True)
    return path


def _row(outcome: Outcome) -> dict[str, Any]:
    times = {f"p{percent} [ms]": round(outcome.total.percentile(percent) * 1000, 1) for percent in (50, 95, 99)}
    return {
        "action": outcome.name,
        "asked": outcome.asked,
        "succeeded": outcome.succeeded,
        **times,
        "slowest [ms]": round(outcome.total.slowest * 1000, 1),
        "first byte p95 [ms]": round(outcome.first_byte.percentile(95) * 1000, 1),
        "errors": ", ".join(f"{number} {cause}" for cause, number in outcome.errors.items()),
    }
