"""Looks for secrets in files of any kind, in texts and in processes."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

import psutil

# Nobody knows tokens and cookies that a run made, but what they look like.
MADE_AT_RUN_TIME = re.compile(
    rb"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*|(?:csrf|access|refresh)-token=(?!planted)[\w.-]{16,}"
)
_PACKED = re.compile(rb'"([A-Za-z0-9+/]{24,}={0,2})"')


class Secrets:
    """Secrets by their names, each also as JSON, a URL and base64 write it."""

    def __init__(self, values: dict[str, str]) -> None:
        self._forms = {form: name for name, value in values.items() for form in _forms(value)}

    def in_bytes(self, content: bytes) -> set[str]:
        """The names of the secrets that stand in the bytes; of one made at run time its first signs."""
        found = {name for form, name in self._forms.items() if form in content}
        return found | {f"made at run time: {match[0][:16]!r}..." for match in MADE_AT_RUN_TIME.finditer(content)}

    def in_files(self, folders: Iterable[Path]) -> dict[str, set[str]]:
        """The files below the folders, or parts of archives, that hold secrets, with the names of these."""
        found = {}
        for folder in folders:
            for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
                if path.is_file() and not path.is_symlink():
                    for name, content in _contents(path.name, path.read_bytes()):
                        if names := self.in_bytes(content) | self.in_bytes(path.name.encode()):
                            found[f"{path}: {name}"] = names
        return found


class ChildrenWatch:
    """Command lines and environments of all descendants of a process, looked at until the block ends."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._over = Event()
        self._thread = Thread(target=self._watch)
        self.lines: set[str] = set()
        self.environments: set[str] = set()

    def __enter__(self) -> ChildrenWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            try:
                family = [self._process, *self._process.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            for one in family:
                try:
                    self.lines.add(" ".join(one.cmdline()))
                    self.environments |= {f"{name}={value}" for name, value in one.environ().items()}
                except psutil.Error:
                    continue


def _forms(value: str) -> set[bytes]:
    texts = {value, json.dumps(value)[1:-1], quote(value, safe="")}
    return {text.encode() for text in texts} | {base64.b64encode(value.encode()).rstrip(b"=")}


def _contents(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes of a file, and those that are packed in it: members of archives, long texts of Robot's log."""
    yield name, content
    if name.endswith(".zip") and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from _contents(member, archive.read(member))
    elif name.endswith(".gz"):
        yield from _contents(name.removesuffix(".gz"), gzip.decompress(content))
    elif name.endswith(".html"):
        for number, packed in enumerate(_PACKED.findall(content)):
            try:
                yield f"text {number} of {name}", zlib.decompress(base64.b64decode(packed))
            except (ValueError, zlib.error):
                continue
