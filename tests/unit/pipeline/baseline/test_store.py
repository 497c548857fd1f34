"""What is kept comes back as it was, whoever was killed while writing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.baseline import store
from pipeline.baseline.entries import Acceptance, Entry, Figure
from pipeline.baseline.machine import Machine, this_machine
from pipeline.errors import RunError

MACHINE = Machine("processor", 2, 8, "Linux", "3.11")
ENTRY = Entry(
    "channels",
    "run-1",
    "2026-11-30T10:00:00",
    {"p95": Figure(103.2, "ms", 500), "rate": Figure(50, "1/s", more_is_better=True)},
    again=("suites", "--test", "שלום"),
    histogram="HISTFAAAA",
)
ACCEPTED = Acceptance("channels", "p95", "run-1", "TLS is on now", "Noa", "2026-11-30T11:00:00")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
    return tmp_path


def read() -> list[object]:
    return [*store.read(store.file_of("staging", MACHINE))]


def test_lines_come_back_as_they_were_and_once() -> None:
    assert store.keep("staging", MACHINE, [ENTRY]) == 1
    assert store.keep("staging", MACHINE, [ENTRY, ACCEPTED]) == 1
    assert read() == [ENTRY, ACCEPTED]


def test_each_site_and_machine_has_a_file_of_its_own() -> None:
    other = replace(MACHINE, cores=4)
    for site, machine in (("staging", MACHINE), ("staging", other), ("lab 2", MACHINE)):
        store.keep(site, machine, [ENTRY])
    assert len(list(store.folder().glob("*.jsonl"))) == 3


def test_files_of_two_places_are_joined_by_writing_one_behind_the_other() -> None:
    store.keep("staging", MACHINE, [ENTRY])
    store.keep("elsewhere", MACHINE, [replace(ENTRY, run="run-2")])
    path, other = store.file_of("staging", MACHINE), store.file_of("elsewhere", MACHINE)
    path.write_text(path.read_text() + other.read_text())
    assert read() == [ENTRY, replace(ENTRY, run="run-2")]


def test_a_damaged_line_is_named_and_the_next_one_is_not_lost_in_it() -> None:
    path = store.file_of("staging", MACHINE)
    store.keep("staging", MACHINE, [ENTRY])
    whole = path.read_text()
    path.write_text(whole + '{"kind": "run", "na')
    with pytest.raises(RunError, match=r"line 3 is damaged \(JSONDecodeError\): remove that line"):
        store.keep("staging", MACHINE, [ACCEPTED])
    path.write_text(whole.rstrip("\n"))
    store.keep("staging", MACHINE, [ACCEPTED])
    assert read() == [ENTRY, ACCEPTED]


def test_this_machine_is_described() -> None:
    machine = this_machine()
    assert machine.processor and machine.cores > 0 and machine.memory_gb > 0
    assert machine.digest == this_machine().digest
