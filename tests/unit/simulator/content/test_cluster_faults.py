"""The faults of the site's cluster follow its defects."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator import defects
from simulator.cluster.faults import Faults
from simulator.content.cluster_faults import FAULTS

FIND = b"\0" * 12 + (2013).to_bytes(4, "little") + b"\0" * 9 + b"\x02find\x00"
PING = b"\0" * 12 + (2013).to_bytes(4, "little") + b"\0" * 9 + b"\x10ping\x00"

FELT: list[tuple[str, Callable[[Faults], object]]] = [
    ("kubernetes-unavailable", lambda faults: faults.api_unavailable()),
    ("metrics-missing", lambda faults: faults.pods_unmeasured()),
    ("pod-logs-lost", lambda faults: faults.logs_lost()),
    ("exec-broken", lambda faults: faults.exec_refused()),
    ("pod-not-replaced", lambda faults: faults.pods_not_replaced()),
    ("crashes-once-more", lambda faults: faults.crashes_after_restart()),
    ("focus-server-not-ready", lambda faults: faults.is_kept_unready("panda-panda-focus-server")),
    ("mongodb-not-ready", lambda faults: faults.is_kept_unready("mongodb")),
    ("rabbitmq-not-ready", lambda faults: faults.is_kept_unready("rabbitmq")),
    ("mongodb-slow", lambda faults: faults.delay_s("mongodb", PING, answer=True)),
    ("broker-slow", lambda faults: faults.delay_s("rabbitmq-panda", b"AMQP", answer=True)),
    ("mongodb-queries-slow", lambda faults: faults.delay_s("mongodb", FIND, answer=False)),
]


@pytest.mark.parametrize(("name", "felt"), FELT, ids=[name for name, _ in FELT])
def test_a_defect_is_one_fault(
    name: str, felt: Callable[[Faults], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOCUS_SIMULATOR_STATE", str(tmp_path))
    monkeypatch.setattr(defects, "_cache", None)
    file = tmp_path / "defects.json"
    for number, on in enumerate(([], [name]), start=1):
        file.write_text(json.dumps(on))
        os.utime(file, ns=(number, number))
        assert [other for other, question in FELT if question(FAULTS)] == on
        assert not felt(Faults())
    assert felt(FAULTS)


def test_only_queries_to_mongodb_are_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_SIMULATOR_STATE", str(tmp_path))
    monkeypatch.setattr(defects, "_cache", None)
    (tmp_path / "defects.json").write_text('["mongodb-queries-slow"]')
    assert FAULTS.delay_s("mongodb", PING, answer=False) == 0
    assert FAULTS.delay_s("mongodb", FIND, answer=True) == 0
    assert FAULTS.delay_s("rabbitmq-panda", FIND, answer=False) == 0
