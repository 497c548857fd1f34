"""The listener of another product's runs: the monitor learns of each test, and no secret gets into the log."""

from __future__ import annotations

import hashlib
import os
import re
import time
from typing import Any

from focus_core.base import run_identity
from focus_core.logs import journal
from focus_core.site import secrets


class Marks:
    """`--listener pipeline.product.marks.Marks`."""

    ROBOT_LISTENER_API_VERSION = 3

    def start_test(self, _data: Any, result: Any) -> None:
        token = hashlib.sha256(f"{result.full_name} {result.start_time} {os.getpid()}".encode()).hexdigest()[:8]
        run_identity.note_test(token)
        journal.note(
            "test",
            token=token,
            name=result.full_name,
            file=f"{re.sub(r'[^A-Za-z0-9_.-]+', '_', result.name)[:60]}-{token}",
            at=result.start_time.timestamp(),
            run=run_identity.run_id(),
            lane=run_identity.lane(),
            user="",
            job_prefix="",
        )

    def end_test(self, _data: Any, result: Any) -> None:
        result.message = secrets.blank(result.message)
        journal.note("end", token=run_identity.test_token(), at=time.time(), status=result.status)
        run_identity.note_test(run_identity.NO_TEST)

    def end_keyword(self, _data: Any, result: Any) -> None:
        if result.failed:
            result.message = secrets.blank(result.message)

    def log_message(self, message: Any) -> None:
        message.message = secrets.blank(message.message)
