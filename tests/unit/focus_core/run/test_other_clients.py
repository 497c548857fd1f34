"""Who another client is: a user of the same role, and nobody where nobody logs in."""

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.run import clients, other_clients
from focus_core.site import data as site_data


def user(name: str, role: str) -> Any:
    return SimpleNamespace(username=name, role=role)


OWN = user("tester1", "tester")


@pytest.mark.parametrize(
    ("users", "auth", "found"),
    [
        ([OWN, user("tester2", "tester"), user("tester3", "tester"), user("boss", "admin")], "bearer", "tester3"),
        ([OWN, user("boss", "admin")], "bearer", None),
        ([OWN], "bearer", None),
        ([OWN, user("tester2", "tester")], "none", None),
    ],
)
def test_another_client_has_the_same_role(
    monkeypatch: pytest.MonkeyPatch, users: list[Any], auth: str, found: str | None
) -> None:
    site = SimpleNamespace(users=users, focus=SimpleNamespace(auth=auth))
    monkeypatch.setattr(site_data, "site", lambda: site)
    monkeypatch.setattr(site_data, "lane_user", lambda: OWN)
    other = other_clients.other_user()
    assert (other.username if other else None) == found


@pytest.mark.parametrize(
    ("users", "auth", "found"),
    [
        ([OWN, user("guest", "viewer"), user("other", "viewer")], "token", "guest"),
        ([OWN], "token", None),
        ([OWN, user("guest", "viewer")], "none", None),
    ],
)
def test_a_viewer_is_one_who_logs_in_as_such(
    monkeypatch: pytest.MonkeyPatch, users: list[Any], auth: str, found: str | None
) -> None:
    monkeypatch.setattr(site_data, "site", lambda: SimpleNamespace(users=users, focus=SimpleNamespace(auth=auth)))
    viewer = other_clients.viewer()
    assert (viewer.username if viewer else None) == found


def test_the_other_client_logs_in_once_and_each_exchange_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, Any]] = []

    def focus_client(_site: Any, who: Any, *, record: Any) -> str:
        made.append((who.username, record))
        return f"client of {who.username}"

    monkeypatch.setattr(site_data, "site", lambda: SimpleNamespace(users=[OWN]))
    monkeypatch.setattr(site_data, "site_name", lambda: "a site of this test")
    monkeypatch.setattr(clients, "focus_client", focus_client)
    asked = [other_clients.client_of(OWN) for _ in range(2)]
    assert asked == ["client of tester1"] * 2
    assert made == [("tester1", other_clients.report.log_exchange)]
