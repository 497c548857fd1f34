"""What is to be sent, on disk before the first byte goes out, and what is known of what was sent.

`spool/LABEL/entry.json` is the state of one execution, replaced as a whole at every step; the folder `content-DIGEST`
beside it holds the results in parts and the evidence. `ledger.json` has the execution of each label that was published.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipeline.errors import RunError
from pipeline.xray import keys
from pipeline.xray.api import Execution

LOCK_S = 300
ENTRY = "entry.json"


@dataclass
class File:
    """A file of evidence in the content folder, for the result of `key`."""

    key: str
    filename: str
    media_type: str
    size: int


@dataclass
class Entry:
    """The state of one execution on its way.

    `parts` are names of files with results, `done` those that arrived. `asked` is set before an execution is asked for
    and cleared when it is certain that none was made: while it is set without `execution`, there may be one. `linked`
    are the defects of each key that were there before results arrived, which an import removes. `refused` is Xray's
    word that nothing can come of this entry as it is. `folder` is the folder of the run, or "". `into` is the key of
    the execution that was asked for, or "".
    """

    label: str
    run_id: str
    start: str
    folder: str
    info: dict[str, Any]
    content: str
    parts: list[str]
    files: list[File]
    tests: int
    done: list[str] = field(default_factory=list)
    asked: bool = False
    execution: Execution | None = None
    linked: dict[str, list[str]] = field(default_factory=dict)
    finished: bool = False
    refused: str = ""
    problem: str = ""
    into: str = ""

    @property
    def state(self) -> str:
        """In words, for people."""
        if self.refused:
            return f"refused: {self.refused}"
        if self.finished:
            return "sent, not yet written into the run"
        where = f" of {self.execution.key}" if self.execution else ""
        waiting = f"{len(self.done)} of {len(self.parts)} parts{where} sent"
        doubt = ", an execution may have been made" if self.asked and not self.execution else ""
        return waiting + doubt + (f"; {self.problem}" if self.problem else "")


@dataclass(frozen=True)
class Published:
    """What the ledger keeps of a label: its execution, and which run's results it shows last."""

    id: str
    key: str
    run_id: str
    start: str
    digest: str

    @property
    def execution(self) -> Execution:
        return Execution(self.id, self.key)


class Spool:
    """The folder of one Xray and project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._entries = folder / "spool"
        self._ledger = folder / "ledger.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One publishing at a time of this user: two could make the same execution twice."""
        try:
            self._entries.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.folder / "lock", timeout=LOCK_S):
                yield
        except Timeout:
            raise RunError(f"Another publishing holds {self.folder / 'lock'}: wait for its end.") from None
        except OSError as error:
            raise RunError(f"The spool {self.folder} cannot be written ({error.strerror or error}).") from None

    def put(self, entry: Entry, parts: Sequence[list[dict[str, Any]]], evidence: dict[str, bytes]) -> Entry:
        """Keep new content under the entry's label. What is known of an execution for it stays known."""
        home = self._entries / entry.label
        home.mkdir(mode=0o700, exist_ok=True)
        earlier = self.get(entry.label)
        if earlier:
            entry.asked, entry.execution, entry.linked = earlier.asked, earlier.execution, earlier.linked
            if earlier.content == entry.content and (home / earlier.content).is_dir():
                entry.parts, entry.done, entry.finished = earlier.parts, earlier.done, earlier.finished
                self.save(entry)
                return entry
        target = home / entry.content
        new = home / f".{entry.content}.new"
        for old in (new, target):
            shutil.rmtree(old, ignore_errors=True)
        new.mkdir(mode=0o700)
        for name, part in zip(entry.parts, parts, strict=True):
            keys.replace_json(new / name, part)
        for filename, content in evidence.items():
            (new / filename).write_bytes(content)
        new.replace(target)
        self.save(entry)
        for other in home.glob("content-*"):
            if other.name != entry.content:
                shutil.rmtree(other, ignore_errors=True)
        return entry

    def save(self, entry: Entry) -> None:
        keys.replace_json(self._entries / entry.label / ENTRY, asdict(entry))

    def get(self, label: str) -> Entry | None:
        path = self._entries / label / ENTRY
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            execution = Execution(**found["execution"]) if found["execution"] else None
            files = [File(**one) for one in found["files"]]
            return Entry(**found | {"execution": execution, "files": files})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise RunError(f"{path} cannot be read ({error}): remove its folder and publish the run again.") from None

    def entries(self) -> list[Entry]:
        """In the order of the runs."""
        labels = sorted(path.name for path in self._entries.glob("*") if path.is_dir())
        return sorted((one for label in labels if (one := self.get(label))), key=lambda one: one.start)

    def part(self, entry: Entry, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._file(entry, name).read_text(encoding="utf-8"))
        return found

    def halve(self, entry: Entry, name: str) -> bool:
        """Replace a part by its two halves; false when it has only one result."""
        tests = self.part(entry, name)
        if len(tests) < 2:
            return False
        half = len(tests) // 2
        stem = name.removesuffix(".json")
        names = [f"{stem}a.json", f"{stem}b.json"]
        for new, some in zip(names, (tests[:half], tests[half:]), strict=True):
            keys.replace_json(self._file(entry, new), some)
        at = entry.parts.index(name)
        entry.parts[at : at + 1] = names
        self.save(entry)
        return True

    def evidence(self, entry: Entry, filename: str) -> bytes:
        return self._file(entry, filename).read_bytes()

    def _file(self, entry: Entry, name: str) -> Path:
        return self._entries / entry.label / entry.content / name

    def remove(self, entry: Entry) -> None:
        """The state goes first: content without a state is nothing."""
        home = self._entries / entry.label
        (home / ENTRY).unlink(missing_ok=True)
        shutil.rmtree(home, ignore_errors=True)

    def published(self, label: str) -> Published | None:
        found = self._published().get(label)
        return Published(**found) if found else None

    def publish(self, entry: Entry, digest: str) -> None:
        """Note in the ledger which execution the label has; `digest` is empty until all results arrived."""
        if entry.execution:
            noted = Published(entry.execution.id, entry.execution.key, entry.run_id, entry.start, digest)
            keys.replace_json(self._ledger, self._published() | {entry.label: asdict(noted)})

    def _published(self) -> dict[str, dict[str, str]]:
        try:
            found: dict[str, dict[str, str]] = json.loads(self._ledger.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise RunError(f"{self._ledger} cannot be read ({error}): remove it; labels in Jira replace it.") from None
        return found
