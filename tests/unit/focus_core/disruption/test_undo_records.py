"""What has to be undone stands on disk, belongs to a living process, and is played once by whoever comes next."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.disruption import recovery, undos
from focus_core.run import reservation, undo_records
from focus_core.site import loader as site_loader
from focus_core.site.model import Site
from support.site_content import site_content

KEEP = """
import sys
from focus_core.site import loader as site_loader
from focus_core.run import undo_records
site = site_loader.read(sys.argv[1])
for number in (1, 2):
    undo_records.keep(site, "own queue", "", {"queue": f"q{number}"})
print("kept", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    import yaml

    path = tmp_path / "site.yaml"
    path.write_text(yaml.safe_dump(site_content(9, tmp_path, disruption=True, max_pods=2)), encoding="utf-8")
    return path


@pytest.fixture
def site(site_file: Path) -> Site:
    found = site_loader.read(str(site_file))
    assert isinstance(found, Site)
    return found


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queues whose undo was played, in order."""
    names: list[str] = []

    def undo(_site: Site, record: undo_records.Record) -> None:
        if record.details.get("fails"):
            raise BenchError("the broker is away")
        names.append(record.details["queue"])

    monkeypatch.setattr(undos, "UNDOS", {undos.OWN_QUEUE: undo})
    return names


@pytest.fixture
def shared(site: Site, monkeypatch: pytest.MonkeyPatch) -> tuple[Site, dict[str, str]]:
    """The site as one that machines share, and the notes on its Lease."""
    notes: dict[str, str] = {}

    class Lease:
        def note(self, name: str, text: str | None) -> None:
            if text is None:
                notes.pop(name, None)
            else:
                notes[name] = text

    monkeypatch.setattr(reservation.Leases, "of_site", classmethod(lambda _cls, _site: Lease()))
    monkeypatch.setattr(reservation, "left_notes", lambda _site: dict(notes))
    return replace(site, reserve="lease"), notes


def test_a_copy_lies_at_a_shared_site_until_it_is_undone(
    shared: tuple[Site, dict[str, str]], played: list[str]
) -> None:
    site, notes = shared
    record = undo_records.keep(site, undos.OWN_QUEUE, "", {"queue": "q1"})
    assert [json.loads(text)["details"] for text in notes.values()] == [{"queue": "q1"}]
    undos.play(site, record)
    assert notes == {}
    assert recovery.recover(site) == []
    assert played == ["q1"]


def test_a_machine_without_the_file_finds_the_copy(
    shared: tuple[Site, dict[str, str]], played: list[str], tmp_path: Path
) -> None:
    site, notes = shared
    undo_records.keep(site, undos.OWN_QUEUE, "", {"queue": "q1"})
    assert recovery.recover(site) == []  # the record of a living process, whose file is here
    elsewhere = replace(site, state_dir=tmp_path / "another machine")
    assert undo_records.something_left(elsewhere)
    assert [sentence.partition(":")[0] for sentence in recovery.recover(elsewhere)] == [
        f"Undid what a killed run left on {site.name}"
    ]
    assert played == ["q1"]
    assert notes == {}
    assert not undo_records.something_left(elsewhere)


def test_a_site_that_refuses_the_copy_has_the_file(
    site: Site, played: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise BenchError("403 Forbidden")

    monkeypatch.setattr(reservation.Leases, "note", refuse)
    shared = replace(site, reserve="lease")
    undos.play(shared, undo_records.keep(shared, undos.OWN_QUEUE, "", {"queue": "q1"}))
    assert played == ["q1"]


def start_a_run(site_file: Path) -> subprocess.Popen[bytes]:
    run = subprocess.Popen([sys.executable, "-c", KEEP, str(site_file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stdout.readline() == b"kept\n"
    return run


def test_records_of_a_living_run_are_left_alone_and_those_of_a_killed_one_played_newest_first(
    site: Site, site_file: Path, played: list[str]
) -> None:
    run = start_a_run(site_file)
    assert recovery.recover(site) == []
    assert played == []
    run.kill()
    run.wait()
    sentences = recovery.recover(site)
    assert played == ["q2", "q1"]
    assert len(sentences) == 2
    assert all("Undid what a killed run left" in sentence for sentence in sentences)
    assert not undo_records.something_left(site)
    assert recovery.recover(site) == []


def test_an_undo_that_fails_stays_and_hinders_no_other(site: Site, played: list[str]) -> None:
    details: list[dict[str, Any]] = [{"queue": "one"}, {"fails": True}, {"queue": "three"}]
    for entry in details:
        undo_records.keep(site, undos.OWN_QUEUE, "", entry).leave()
    with pytest.raises(BenchError, match=r"could not be restored from a killed run.*the broker is away"):
        recovery.recover(site)
    assert played == ["three", "one"]
    (left,) = (Path(str(site.state_dir)) / "disruption").glob("*.json")
    assert json.loads(left.read_text(encoding="utf-8"))["details"] == {"fails": True}


def test_a_record_is_forgotten_when_it_was_undone(site: Site, played: list[str]) -> None:
    undos.play(site, undo_records.keep(site, undos.OWN_QUEUE, "", {"queue": "one"}))
    assert played == ["one"]
    assert not undo_records.something_left(site)
    assert not list((Path(str(site.state_dir)) / "disruption").glob("*.lock"))


def test_every_fault_has_its_undo() -> None:
    from focus_core.disruption import faults

    kinds = {kind.kind for kind in faults.Fault.__subclasses__()}
    assert len(kinds) == 5
    assert kinds <= set(undos.UNDOS)
