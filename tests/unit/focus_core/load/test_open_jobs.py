"""Jobs that a load opened: known while they live, and to whoever opens the site next when the load was killed."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.load.open_jobs import OpenJobs
from focus_core.load.users import Users
from focus_core.run.left_jobs import LeftJobs
from focus_core.site import state


def test_a_job_lives_until_it_is_removed() -> None:
    jobs = OpenJobs(Users(), None)
    assert jobs.opened(3, b'{"job_id": "1-2"}') == "1-2"
    for nothing in (b"", b"[]", b"{}", b"no json", b'{"job_id": null}'):
        assert jobs.opened(4, nothing) == ""
    assert jobs.living == {"1-2": 3}
    jobs.removed("1-2")
    jobs.removed("unknown")
    assert jobs.living == {}


def test_each_user_has_a_list_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "state_dir", lambda _: tmp_path)
    clients: Any = [SimpleNamespace(username=name) for name in ("one", "two")]
    site: Any = object()
    jobs = OpenJobs(Users(clients), site)
    for number in range(4):
        jobs.opened(number, json.dumps({"job_id": f"{number}-1"}).encode())
    jobs.removed("2-1")
    lists = [LeftJobs(**json.loads(path.read_text())) for path in (tmp_path / "jobs").glob("*.json")]
    assert sorted((left.username, left.jobs) for left in lists) == [("one", ["0-1"]), ("two", ["1-1", "3-1"])]
