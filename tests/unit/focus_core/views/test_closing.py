"""Several views are closed at once: all are removed, and what stays is named."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.server.client import Exchange
from focus_core.site import data as site_data
from focus_core.views import closing
from focus_core.views.view import View, ViewAnswer, ViewRequest, ViewType


class Client:
    """Removes jobs, unless it is stubborn; knows those that it did not remove."""

    def __init__(self, *, stubborn: bool = False) -> None:
        self.stubborn = stubborn
        self.removed: list[str] = []

    def remove_job(self, job_id: str) -> None:
        if self.stubborn:
            raise BenchError("it is still there")
        self.removed.append(job_id)

    def job_status(self, job_id: str) -> Exchange:
        return Exchange("GET", "", "", 404 if job_id in self.removed else 200, {}, "", 0)


def view(job_id: str, owner: Any) -> View:
    request = ViewRequest(ViewType.MultiChannel, (1, 3), 1024, (0, 1000), 10, 1000)
    return View(request, ViewAnswer(job_id, 1, 12301, "http://x", {}), Exchange("POST", "", "", 200, {}, "", 0), owner)


def test_all_are_removed_and_what_stays_is_named() -> None:
    client: Any = Client()
    closing.remove_at_once([(client, "1-1"), (client, "2-2")])
    assert sorted(client.removed) == ["1-1", "2-2"]
    stubborn: Any = Client(stubborn=True)
    with pytest.raises(BenchError, match=r"1 of 2 jobs were not removed: job 1-1: it is still there"):
        closing.remove_at_once([(stubborn, "1-1"), (client, "2-2")])


def test_nothing_to_remove_is_fine() -> None:
    closing.remove_at_once([])


def test_each_view_is_asked_for_by_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_data, "site", lambda: SimpleNamespace(capabilities=["rest"], job_prefix="grpc-job-"))
    one, other = Client(), Client()
    views = [view("1-1", one), view("2-2", other)]
    one.remove_job("1-1")
    assert closing.left(views, 0) == ["job 2-2 at the server (200) is still there"]
    other.remove_job("2-2")
    assert closing.left(views, 0) == []
