"""The journal's end: what is written of pods that end later than the cluster is not kept, and breaks nothing."""

from __future__ import annotations

from pathlib import Path

from simulator.cluster.journal import Journal
from simulator.cluster.resources import CONFIG_MAP, Object
from simulator.cluster.store import Store


def config_map(name: str) -> Object:
    return {"metadata": {"name": name, "namespace": "tests"}}


def test_a_change_after_the_end_is_taken_and_not_kept(tmp_path: Path) -> None:
    store, path = Store(), tmp_path / "journal"
    journal = Journal(path)
    assert not journal.open(store)
    store.add(CONFIG_MAP, config_map("kept"))
    assert b"kept" in path.read_bytes()
    journal.remove()
    store.add(CONFIG_MAP, config_map("late"))
    assert store.get(CONFIG_MAP, "tests", "late") is not None
    assert not path.exists()
