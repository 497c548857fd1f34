"""The journal: every change of the store as a line of JSON in a file, so that a killed API server forgets nothing.

A line is flushed to the system before the change is announced, which a kill -9 survives. Line: [type, API group,
version, plural, revision, object]; a first line of the type SNAPSHOT carries the revision of the compacted state.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import IO

from simulator.cluster.resources import BY_PATH, Kind, Object
from simulator.cluster.store import Change, Store

log = logging.getLogger(__name__)

FILE_NAME = "cluster.journal"
# Number of changes after which the file is rewritten with the present objects.
COMPACT_AFTER = 10_000


class Journal:
    """Reads the file once, then notes every change of the store."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes]
        self._store: Store
        self._lines = 0

    def open(self, store: Store) -> bool:
        """Fills an empty store from the file and keeps noting from now on; False when there was nothing to read."""
        found = False
        if self._path.exists():
            with self._path.open("rb") as file:
                for line in file:
                    # The line that a kill cut off belongs to a change that was never answered.
                    if line.endswith(b"\n"):
                        _restore(store, line)
                        found = True
        self._store = store
        self._compact()
        store.journal = self._note
        return found

    def remove(self) -> None:
        """Forgets everything: the cluster ended in order, nothing of it runs any more."""
        self._store.journal = lambda _: None
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _note(self, change: Change) -> None:
        self._write(_line(change.type, change.kind, change.revision, change.object))
        self._lines += 1
        if self._lines >= COMPACT_AFTER:
            self._compact()

    def _write(self, line: bytes) -> None:
        end = self._file.tell()
        try:
            complete = self._file.write(line) == len(line)
        except OSError as error:
            log.error("the journal cannot be written: %s", error)
            complete = False
        if not complete:
            # A full disk costs what a kill would then lose, not the running cluster; half a line must not stay.
            self._file.truncate(end)
            self._file.seek(end)

    def _compact(self) -> None:
        fresh = self._path.with_name(f"{self._path.name}.new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(json.dumps(["SNAPSHOT", "", "", "", self._store.revision, None]).encode() + b"\n")
            for kind in self._store.kinds():
                for obj in self._store.objects(kind):
                    file.write(_line("ADDED", kind, int(obj["metadata"]["resourceVersion"]), obj))
        fresh.replace(self._path)
        if hasattr(self, "_file"):
            self._file.close()
        self._file = self._path.open("ab", buffering=0)
        self._lines = 0


def _line(type_: str, kind: Kind, revision: int, obj: Object) -> bytes:
    return json.dumps([type_, kind.group, kind.version, kind.plural, revision, obj]).encode() + b"\n"


def _restore(store: Store, line: bytes) -> None:
    type_, group, version, plural, revision, obj = json.loads(line)
    if type_ == "SNAPSHOT":
        store.begin_at(revision)
    else:
        store.restore(type_, BY_PATH[(group, version, plural)], obj, revision)
