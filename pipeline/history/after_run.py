"""What the history does when a run has ended: compare, keep, make room."""

from __future__ import annotations

from pipeline.errors import RunError
from pipeline.history import dashboard, database, queries, retention
from pipeline.results import limits
from pipeline.results.comparison import Comparison
from pipeline.results.model import Run

REPAIR = "make it anew with 'python run.py history rebuild'"


def after_run(run: Run) -> tuple[Comparison | None, list[str]]:
    """The comparison with the last run like it, and notes for the summary. What fails here is a note: a run counts
    without its history.
    """
    if run.stamp.dry_run:
        return None, []
    against = None
    notes = []
    try:
        with database.opened() as connection:
            against = queries.against_the_last(connection, run)
            database.add(connection, run)
    except RunError as error:
        notes.append(f"This run is not in the history: {error}")
    except OSError as error:
        notes.append(f"This run is not in the history ({error}): {REPAIR}.")
    try:
        dashboard.feed_if_used()
    except RunError as error:
        notes.append(f"This run is not in the dashboard: {error}")
    except OSError as error:
        notes.append(f"This run is not in the dashboard ({error}): remove {dashboard.data().parent}.")
    try:
        notes.append(str(retention.apply(limits.retention(), run.stamp.run_id)))
    except OSError as error:
        notes.append(f"Older runs were not removed ({error}): remove folders in results/runs by hand.")
    return against, notes
