"""Publishes runs: one execution for each run, over all its pieces and repetitions."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import RunError
from pipeline.results.model import Run
from pipeline.xray import evidence, keys, settings, write_back
from pipeline.xray.api import Api
from pipeline.xray.client import Client, XrayError
from pipeline.xray.converter import Converted, convert
from pipeline.xray.delivery import Delivery, Sleep
from pipeline.xray.evidence import Evidence
from pipeline.xray.settings import Settings
from pipeline.xray.spool import Entry, File, Spool

MOST_BYTES = 8_000_000
LABEL = "focus-run-"


@dataclass(frozen=True)
class Source:
    """A run to publish. `name` names it in the label, the same for all its repetitions; `folders` hold its evidence.

    `folder` is the run's own folder, into which the execution's key is written, or None.
    """

    run: Run
    name: str
    folders: Sequence[Path]
    folder: Path | None = None


@dataclass
class Outcome:
    """`key` is empty when the results are still in the spool; `notes` are sentences for whoever published."""

    key: str
    notes: list[str]


def label(name: str) -> str:
    return LABEL + re.sub(r"[^A-Za-z0-9._-]+", "_", name)


def refuse(run: Run, *, force_simulated: bool, incomplete: bool) -> None:
    """Raises RunError for a run whose results must not reach people as results of the product."""
    if run.stamp.dry_run:
        raise RunError("No test ran in this run: a dry run is not published.")
    if run.stamp.simulated and not force_simulated:
        raise RunError(
            f"Run {run.stamp.run_id} was on a simulated site and is not published: add --force-simulated to do "
            "it all the same, with the label 'simulated'."
        )
    if run.broken and not incomplete:
        raise RunError(f"This run does not count ({run.broken}) Publish it with --incomplete, or repeat it.")


def put(source: Source, chosen: Settings, spool: Spool) -> tuple[Entry | None, Outcome]:
    """Convert a run and keep it in the spool; without an entry everything is already there."""
    created = keys.created()
    converted = convert(source.run, label(source.name), chosen, created)
    if not converted.tests:
        raise RunError("No test of this run has a key of Xray: there is nothing to publish.")
    found, notes = evidence.of_run(source.run.tests, source.folders, chosen.evidence)
    if converted.local:
        notes.append(f"{len(converted.local)} local keys have no Test in Xray (--create makes them).")
    files, contents = files_of(converted, found)
    digest = digest_of(converted, files)
    known = spool.published(converted.label)
    if known and chosen.execution and known.key != chosen.execution:
        known = None  # it is to be there as well
    if known and known.digest == digest and not spool.get(converted.label):
        return None, Outcome(known.key, [*notes, "Xray has all of this already: nothing was sent."])
    if known and known.start > source.run.start and known.run_id != source.run.stamp.run_id:
        return None, Outcome(known.key, [*notes, f"{known.key} shows the later run {known.run_id}: nothing was sent."])
    parts = split(converted.tests, files, chosen)
    entry = Entry(
        label=converted.label,
        run_id=source.run.stamp.run_id,
        start=source.run.start,
        folder=str(source.folder or ""),
        info=converted.info,
        content=digest,
        parts=[f"{number:03}.json" for number in range(len(parts))],
        files=files,
        tests=len(converted.tests),
        into=chosen.execution or "",
    )
    return spool.put(entry, parts, contents), Outcome("", notes)


def files_of(converted: Converted, found: dict[str, list[Evidence]]) -> tuple[list[File], dict[str, bytes]]:
    """The files of each key, and the contents by name."""
    files = [
        File(key, one.filename, one.media_type, len(one.content))
        for key, tests in converted.cases.items()
        for one in dict.fromkeys(one for test in tests for one in found.get(test.id, []))
    ]
    return files, {one.filename: one.content for some in found.values() for one in some}


def digest_of(converted: Converted, files: Sequence[File]) -> str:
    whole = json.dumps([converted.info, converted.tests, [[one.key, one.filename] for one in files]], sort_keys=True)
    return "content-" + hashlib.sha256(whole.encode()).hexdigest()[:16]


def split(tests: Sequence[dict[str, Any]], files: Sequence[File], chosen: Settings) -> list[list[dict[str, Any]]]:
    """Parts of which each makes a body of at most MOST_BYTES, with the evidence that goes inside it."""
    inline: dict[str, int] = {}
    for file in files:
        if file.size <= chosen.evidence.inline_kb * evidence.KB:
            inline[file.key] = inline.get(file.key, 0) + file.size * 4 // 3 + 200
    parts: list[list[dict[str, Any]]] = [[]]
    size = 0
    for test in tests:
        bytes_ = len(json.dumps(test, ensure_ascii=False).encode()) + inline.get(test["testKey"], 0) + 2
        if parts[-1] and size + bytes_ > MOST_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(test)
        size += bytes_
    return parts


def deliver(entry: Entry, api: Api, chosen: Settings, spool: Spool, sleep: Sleep = time.sleep) -> str:
    """Send an entry and write its execution's key into the run; returns the key. Raises XrayError."""
    execution = Delivery(api, spool, chosen, entry, sleep).run()
    if entry.folder:
        try:
            write_back.write(Path(entry.folder), execution.key)
        except (RunError, OSError, ValueError) as error:
            raise XrayError(
                f"{execution.key} has the results, but the run's folder does not name it: {error}"
            ) from None
    spool.remove(entry)
    return execution.key


def publish(
    source: Source, *, force_simulated: bool = False, incomplete: bool = False, sleep: Sleep = time.sleep
) -> Outcome:
    """Publish one run. Results that cannot be sent now stay in the spool, and a note names the reason."""
    refuse(source.run, force_simulated=force_simulated, incomplete=incomplete)
    chosen = settings.load()
    spool = Spool(chosen.state_folder)
    with spool.locked():
        entry, outcome = put(source, chosen, spool)
        if entry is None:
            return outcome
        try:
            api = Api(Client(chosen, settings.credentials()))
            outcome.key = deliver(entry, api, chosen, spool, sleep)
            outcome.notes += [f"Xray: {warning}" for warning in api.warnings]
        except XrayError as error:
            outcome.notes.append(f"{error} The results are kept: send them with 'python run.py xray flush'.")
    return outcome


def flush(*, again: bool = False, sleep: Sleep = time.sleep) -> tuple[dict[str, str], list[str]]:
    """Send what the spool holds; returns the key of each label that was sent, and a sentence for each problem.

    What Xray refused is sent again only with `again`.
    """
    chosen = settings.load()
    spool = Spool(chosen.state_folder)
    sent, problems = {}, []
    with spool.locked():
        waiting = spool.entries()
        if not waiting:
            return {}, []
        api = Api(Client(chosen, settings.credentials()))
        for entry in waiting:
            if entry.refused and not again:
                problems.append(f"{entry.label} was refused: {entry.refused} Repair it and add --again.")
                continue
            try:
                sent[entry.label] = deliver(entry, api, chosen, spool, sleep)
            except XrayError as error:
                problems.append(f"{entry.label}: {error}")
    return sent, problems
