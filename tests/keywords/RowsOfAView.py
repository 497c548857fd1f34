"""Rows of a live view as a server gives them, right or with one thing wrong; for tests of keywords."""

import json
import time
from typing import Any

from focus_core.views.view import View
from robot.api.deco import keyword, library


@library(scope="SUITE", auto_keywords=False)
class RowsOfAView:
    """Bodies of answers to GET /waterfall/{id}/{rows}."""

    @keyword
    def rows_of_now(self, view: View, rows: int, **wrong: Any) -> str:
        """A body with so many rows that end now; ``wrong`` are values of its last row, or amplitudes of the last
        channel in it (``intensity``)."""
        row_ms = round(view.answer.raw["lines_dt"] * 1000)
        first, last = view.request.channels
        amplitudes = [1.5] * view.answer.raw["frequencies_amount"]
        end = int(time.time() * 1000)
        content = [
            {
                "canvasId": view.job_id,
                "sensors": [{"id": channel, "intensity": amplitudes} for channel in range(first, last + 1)],
                "startTimestamp": end - (rows - number) * row_ms,
                "endTimestamp": end - (rows - number - 1) * row_ms,
            }
            for number in range(rows)
        ]
        if "intensity" in wrong:
            content[-1]["sensors"][-1] = {"id": last, "intensity": [wrong.pop("intensity"), *amplitudes[1:]]}
        content[-1] |= wrong
        return json.dumps([{"rows": content, "current_max_amp": 1.5, "current_min_amp": 1.5}])
