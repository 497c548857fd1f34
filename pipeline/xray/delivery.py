"""Brings an entry of the spool to Xray. At any step it can be killed and begun again: nothing is lost or doubled.

Only one request can make something twice, the one that makes the execution. It is noted before it is sent, and while
it is in doubt the label is asked for before it is sent again. All others can be repeated: an import into an execution
that is there replaces results, files are found by their names, links stay links.
"""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Callable
from typing import Any

from pipeline.xray.api import Api, Execution, TestRun
from pipeline.xray.client import InDoubtError, NotAllowedError, NotDoneError, RefusedError, TooLargeError, XrayError
from pipeline.xray.settings import Settings
from pipeline.xray.spool import Entry, File, Spool

# Jira's search finds a new issue some 20 s late: a label is asked for three times over 60 s.
ASK_AGAIN_AFTER_S = (0.0, 30.0, 30.0)
ATTEMPTS = 3
LONGEST_PAUSE_S = 20.0
KB = 1024
Sleep = Callable[[float], None]


class Delivery:
    """Of one entry. Raises XrayError where it cannot go on; the entry on disk then holds how far it came."""

    def __init__(self, api: Api, spool: Spool, settings: Settings, entry: Entry, sleep: Sleep = time.sleep) -> None:
        self._api = api
        self._spool = spool
        self._settings = settings
        self._entry = entry
        self._sleep = sleep

    def run(self) -> Execution:
        """Everything that is not yet there. The entry is finished afterwards."""
        entry = self._entry
        if entry.finished and entry.execution:
            return entry.execution
        try:
            execution, created = self._execution()
            self._spool.publish(entry, "")
            runs = {} if created else self._runs_before(execution)
            self._send_parts(execution, runs)
            self._add_what_is_missing(execution, runs, created)
        except RefusedError as error:
            entry.refused = str(error)
            self._spool.save(entry)
            raise
        except XrayError as error:
            entry.problem = str(error)
            self._spool.save(entry)
            raise
        entry.finished = True
        entry.problem = entry.refused = ""
        self._spool.save(entry)
        self._spool.publish(entry, entry.content)
        return execution

    def _execution(self) -> tuple[Execution, bool]:
        """The execution of this label, and whether it was made just now."""
        entry = self._entry
        if entry.execution is None:
            known = self._spool.published(entry.label)
            if entry.into:
                entry.execution = self._asked_for()
            else:
                entry.execution = known.execution if known else self._find()
            if entry.execution:
                self._spool.save(entry)
        if entry.execution:
            return entry.execution, False
        for attempt in range(ATTEMPTS):
            try:
                return self._create(), True
            except InDoubtError:
                found = self._find()
                if found:
                    entry.execution = found
                    self._spool.save(entry)
                    return found, False
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    def _asked_for(self) -> Execution:
        found, statuses = self._api.execution(self._entry.into)
        self._check(statuses)
        if not found:
            raise RefusedError(f"{self._entry.into} is no Test Execution: choose another FOCUS_XRAY_EXECUTION.")
        return found

    def _find(self) -> Execution | None:
        """The execution that bears the label. Where one may just have been made, it is asked for three times."""
        for pause in ASK_AGAIN_AFTER_S if self._entry.asked else ASK_AGAIN_AFTER_S[:1]:
            if pause:
                self._sleep(pause)
            found, statuses = self._api.executions(self._settings.project, self._entry.label)
            self._check(statuses)
            if found:
                return found[0]
        return None

    def _check(self, statuses: list[str]) -> None:
        """Xray turns a status that it does not know into TODO and says nothing."""
        try:
            self._settings.check_statuses(statuses, "the project's statuses")
        except ValueError as error:
            raise RefusedError(f"xray.yaml: verdicts: {error}; nothing was sent.") from None

    def _create(self) -> Execution:
        entry = self._entry
        while True:
            name = entry.parts[0]
            tests = self._with_evidence(self._spool.part(entry, name), {})
            in_doubt = entry.asked  # since an earlier request, which this one does not settle
            entry.asked = True
            self._spool.save(entry)
            try:
                entry.execution = self._api.create(entry.info, tests)
            except (NotDoneError, NotAllowedError, RefusedError):
                entry.asked = in_doubt
                raise
            except TooLargeError:
                entry.asked = in_doubt
                self._make_smaller(name)
                continue
            entry.done = [name]
            self._spool.save(entry)
            return entry.execution

    def _runs_before(self, execution: Execution) -> dict[str, TestRun]:
        """The runs as they are before an import, with the defects that it would remove."""
        entry = self._entry
        runs, statuses = self._api.runs(execution, entry.tests)
        self._check(statuses)
        for key, run in runs.items():
            if run.defects:
                entry.linked[key] = sorted({*entry.linked.get(key, []), *run.defects})
        if entry.linked:
            self._spool.save(entry)
        return runs

    def _send_parts(self, execution: Execution, runs: dict[str, TestRun]) -> None:
        entry = self._entry
        failures = 0
        while name := next((one for one in entry.parts if one not in entry.done), None):
            try:
                self._api.update(execution, self._with_evidence(self._spool.part(entry, name), runs))
            except TooLargeError:
                self._make_smaller(name)
                continue
            except InDoubtError:
                failures += 1
                if failures >= ATTEMPTS:
                    raise
                self._sleep(random.uniform(0, min(LONGEST_PAUSE_S, 2.0**failures)))  # noqa: S311 - no secret
                runs, _ = self._api.runs(execution, entry.tests)
                continue
            entry.done.append(name)
            self._spool.save(entry)

    def _make_smaller(self, name: str) -> None:
        """Halve a part that is too large; of a single result the evidence is sent by itself."""
        entry = self._entry
        if self._spool.halve(entry, name):
            return
        (test,) = self._spool.part(entry, name)
        inline = [file for file in entry.files if file.key == test["testKey"] and self._is_inline(file)]
        if not inline:
            raise RefusedError(f"The result of {test['testKey']} is too large for Xray.")
        for file in inline:
            file.size = max(file.size, self._settings.evidence.inline_kb * KB + 1)
        self._spool.save(entry)

    def _is_inline(self, file: File) -> bool:
        return file.size <= self._settings.evidence.inline_kb * KB

    def _with_evidence(self, tests: list[dict[str, Any]], runs: dict[str, TestRun]) -> list[dict[str, Any]]:
        """The results with those small files that their runs do not have yet."""
        for test in tests:
            key = test["testKey"]
            files = [file for file in self._missing(runs) if file.key == key and self._is_inline(file)]
            if files:
                test["evidence"] = [
                    {
                        "filename": file.filename,
                        "contentType": file.media_type,
                        "data": base64.b64encode(self._spool.evidence(self._entry, file.filename)).decode(),
                    }
                    for file in files
                ]
        return tests

    def _missing(self, runs: dict[str, TestRun]) -> list[File]:
        return [
            file for file in self._entry.files if file.key not in runs or file.filename not in runs[file.key].evidence
        ]

    def _add_what_is_missing(self, execution: Execution, runs: dict[str, TestRun], created: bool) -> None:
        """Links that the import removed, and large files."""
        entry = self._entry
        large = [file for file in self._missing(runs) if not self._is_inline(file)]
        if not large and not entry.linked:
            return
        if created or large or any(key not in runs for key in entry.linked):
            runs, _ = self._api.runs(execution, entry.tests)
        linked = [(runs[key].id, defects) for key, defects in entry.linked.items() if key in runs]
        self._api.add_defects(linked)
        added = []
        for file in self._missing(runs):
            if file.key in runs and not self._is_inline(file):
                content = self._spool.evidence(entry, file.filename)
                attached = self._api.attach(file.filename, content, file.media_type)
                data = {"filename": file.filename, "mimeType": file.media_type, "attachmentId": attached}
                added.append((runs[file.key].id, data))
        self._api.add_evidence(added)
