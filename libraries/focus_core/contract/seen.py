"""What this process saw of the contract: each answer, message, frame and document is checked as it comes.

Nothing is raised here: a test may be about something else. Whoever runs tests takes what was broken (``take``) when a
test ends, and writes what was seen into a file of the run (``write``), from which ``run.py`` makes the coverage of the
record and ``run.py contract infer``.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from focus_core.contract import answers
from focus_core.contract.answers import Answer, Operation
from focus_core.contract.shapes import MOST_VALUES, Shape
from focus_core.contract.violation import Violation
from focus_core.site import secrets

# What is kept of one run: more kinds of violations than these are one mistake.
_MOST_VIOLATIONS = 500


@dataclass(frozen=True)
class Break:
    """A violation, and what had it: ``where`` is an operation with its status, an exchange, a stream, a collection."""

    where: str
    violation: Violation

    def __str__(self) -> str:
        return f"{self.where}: {self.violation} (rule {self.violation.rule})"


class Seen:
    """What one process saw. May be used by several threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._new: dict[Break, None] = {}
        self._violations: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._statuses: dict[str, Counter[str]] = {}
        self._parameters: dict[str, set[str]] = {}
        self._shapes: dict[str, Shape] = {}
        self._unknown: Counter[str] = Counter()
        self._touched: set[str] = set()
        self._tests: dict[str, set[str]] = {}
        self._changed = False

    def answer(self, answer: Answer) -> None:
        """An answer over HTTP: checked, and noted."""
        operation = answers.operation_of(answer)
        ingress = answers.contract(answer.service).ingress
        # What the record does not have may exist: `run.py contract infer` lists it.
        if operation is None and answer.status < 400:
            with self._lock:
                self._unknown[f"{answer.service} {answer.method} {answer.path} {answer.status}"] += 1
                self._changed = True
            return
        has_status = operation is not None and answer.status in operation.responses
        if answer.status in ingress.responses and not has_status:
            violations = answers.of_response(answer, ingress)
        else:
            violations = answers.problems(answer)
        what = f"{answer.service} {operation or 'elsewhere'}"
        with self._lock:
            self._note_call(what, answer, operation)
            self._note(f"{what} {answer.status}", violations)
            if answer.content_type == answers.JSON and (violations or self._wants(f"{what} {answer.status}")):
                with suppress(ValueError, RecursionError):
                    self._shape(f"{what} {answer.status}").add(answer.json(), unusual=bool(violations))

    def value(self, what: str, value: Any, violations: Sequence[Violation]) -> None:
        """A message, frame or document that was checked."""
        with self._lock:
            self._statuses.setdefault(what, Counter())["seen"] += 1
            self._touched.add(what)
            self._note(what, violations)
            self._shape(what).add(value, unusual=bool(violations))

    def take(self) -> list[Break]:
        """What was broken since the last call, each once."""
        with self._lock:
            found, self._new = list(self._new), {}
        return found

    def end_test(self, name: str) -> None:
        """What was asked since the last test ended belongs to this one: a change of it may make the test fail."""
        with self._lock:
            self._tests.setdefault(name, set()).update(self._touched)
            self._touched = set()

    def explain(self, broken: Break, bug: str) -> None:
        """A violation that has come is a known bug of the site."""
        with self._lock:
            kept = self._violations.get((broken.where, broken.violation.path, broken.violation.rule))
            if kept is not None:
                kept["bug"] = bug

    def as_json(self) -> dict[str, Any]:
        """What was seen, by service and operation: statuses, parameters, places of bodies with their types; and what
        was broken."""
        with self._lock:
            return {
                "calls": {what: dict(each) for what, each in sorted(self._statuses.items())},
                "parameters": {what: sorted(each) for what, each in sorted(self._parameters.items())},
                "shapes": {
                    what: {place: sorted(kinds) for place, kinds in shape.places.items()}
                    for what, shape in sorted(self._shapes.items())
                },
                "unknown": dict(self._unknown),
                "tests": {name: sorted(touched) for name, touched in self._tests.items() if touched},
                "violations": list(self._violations.values()),
            }

    def write(self, path: Path) -> None:
        """Writes the file when something was seen since the last time."""
        if self._changed:
            path.parent.mkdir(parents=True, exist_ok=True)
            # A sentence shows values, and a value may be a token.
            path.write_text(secrets.blank(json.dumps(self.as_json(), ensure_ascii=False)), encoding="utf-8")
            self._changed = False

    def _note_call(self, what: str, answer: Answer, operation: Operation | None) -> None:
        self._changed = True
        self._statuses.setdefault(what, Counter())[str(answer.status)] += 1
        self._touched.add(what)
        if operation is None:
            return
        query = urlsplit(answer.url).query
        if query:
            self._parameters.setdefault(what, set()).update(name for name, _ in parse_qsl(query, True))
        asked = f"{what} request"
        if "requestBody" in operation.described and self._wants(asked):
            with suppress(ValueError, RecursionError):
                self._shape(asked).add(json.loads(answer.request_body))

    def _note(self, what: str, violations: Sequence[Violation]) -> None:
        self._changed = True
        for one in violations:
            self._new[Break(what, one)] = None
            key = (what, one.path, one.rule)
            if key in self._violations or len(self._violations) < _MOST_VIOLATIONS:
                kept = self._violations.setdefault(
                    key, {"where": what, "path": one.path, "rule": one.rule, "sentence": str(one), "count": 0}
                )
                kept["count"] += 1

    def _shape(self, what: str) -> Shape:
        return self._shapes.setdefault(what, Shape())

    def _wants(self, what: str) -> bool:
        return what not in self._shapes or self._shapes[what].values < MOST_VALUES


_of_process = Seen()


def of_process() -> Seen:
    """What this process saw."""
    return _of_process
