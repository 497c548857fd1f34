"""A whole record, wherever it lies: a folder, one of its files, or a revision of git; and two of them compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from focus_core.contract import record
from focus_core.contract.diff import collections, documents, messages, protos
from focus_core.contract.diff.changes import Change, in_order

from pipeline.errors import RunError
from pipeline.paths import ROOT
from pipeline.results import stamp

OPENAPI = tuple(record.path_of(service).name for service in record.SERVICES)
FILES = (*OPENAPI, record.MESSAGES, record.COLLECTIONS, record.PROTO)
FOLDER = record.FOLDER.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class Record:
    """The texts of the files of a record, by name; a single file is compared with any other single one."""

    name: str
    texts: Mapping[str, str]


def read(name: str) -> Record:
    """The record in a folder, in one file, or of a revision of git. Raises RunError."""
    path = Path(name)
    try:
        if path.is_dir():
            texts = {file: (path / file).read_text(encoding="utf-8") for file in FILES if (path / file).is_file()}
        elif path.is_file():
            texts = {path.name: path.read_text(encoding="utf-8")}
        else:
            texts = {file: text for file in FILES if (text := stamp.git("show", f"{name}:{FOLDER}/{file}"))}
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{name} cannot be read ({error}): name a folder or a file of a contract.") from None
    if not texts:
        raise RunError(
            f"'{name}' is no contract: name a folder such as {FOLDER}, one of its files, or a revision of git that has "
            "them."
        )
    return Record(name, texts)


def compared(old: Record, new: Record) -> list[Change]:
    """Every change, the worst first. Raises RunError for a file that cannot be read, or two that are not alike."""
    if len(old.texts) == len(new.texts) == 1:
        (was, before), (now, after) = (*old.texts.items(), *new.texts.items())
        if _kind(was, before) is not _kind(now, after):
            raise RunError(f"{old.name} and {new.name} are not of one kind: compare two documents of one kind.")
        pairs = [(was, before, after)]
    else:
        # A record that lacks a file has nothing of it yet.
        pairs = [(name, old.texts[name], new.texts[name]) for name in old.texts if name in new.texts]
        gone = [name for name in old.texts if name not in new.texts and len(new.texts) > 1]
        if gone:
            raise RunError(f"{new.name} has no {', '.join(gone)}, which {old.name} has: compare whole records.")
        if not pairs:
            raise RunError(f"{old.name} and {new.name} have no file of one name: compare two records.")
    return in_order(change for name, before, after in pairs for change in _of_file(name, before, after))


def _of_file(name: str, before: str, after: str) -> list[Change]:
    if before == after:
        return []
    compare = _kind(name, before)
    if compare is protos.compared:
        return list(protos.compared(before, after))
    return list(compare(_parsed(name, before), _parsed(name, after)))


def _kind(name: str, text: str) -> Callable[[Any, Any], Any]:
    if name.endswith(".proto"):
        return protos.compared
    if name == record.MESSAGES:
        return messages.compared
    if name == record.COLLECTIONS:
        return collections.compared
    content = _parsed(name, text)
    if not isinstance(content, dict) or "openapi" not in content:
        raise RunError(f"{name} is no OpenAPI document, nor another file of a contract ({', '.join(FILES)}).")
    return documents.compared


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text) if text.lstrip()[:1] == "{" else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError) as error:
        place = str(error).partition("\n")[0]
        raise RunError(f"{name} is neither JSON nor YAML ({place}): correct it.") from None
