"""Each switch that edits the contract changes what it names, and the record names the edit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from focus_core.contract import answers, described
from focus_core.contract.answers import Answer
from requests import Response
from support.focus_views import Views, connect, frames
from support.site_commands import Site


@pytest.fixture(scope="module")
def views(simulated_site: Site) -> Views:
    return Views(simulated_site, user=5)


def rules(answer: Response) -> list[tuple[str, str]]:
    """Place and rule of each violation of an answer."""
    asked = answer.request
    given = Answer("focus-server", str(asked.method), str(asked.url), answer.status_code, answer.headers, answer.text)
    return [(one.path, one.rule) for one in answers.problems(given)]


def test_field_renamed(views: Views, defect: Callable[..., None]) -> None:
    defect("field-renamed")
    answer = views.configure()
    assert rules(answer) == [("stream_port", "required"), ("streamPort", "additionalProperties")]
    views.close(answer.json()["job_id"])


def test_configure_202(views: Views, defect: Callable[..., None]) -> None:
    good = views.configure()
    assert rules(good) == []
    defect("configure-202")
    answer = views.configure()
    assert (answer.status_code, rules(answer)) == (202, [("", "status")])
    for each in (good, answer):
        views.close(each.json()["job_id"])


@pytest.mark.parametrize(
    ("name", "rule", "place"),
    [
        ("view-types-shrunk", "request-enum-value-gone", "body view_type"),
        ("nfft-default-changed", "request-default-changed", "body nfftSelection"),
    ],
)
def test_description_edited(views: Views, defect: Callable[..., None], name: str, rule: str, place: str) -> None:
    def differing() -> list[tuple[str, str]]:
        found = described.against_record("focus-server", views.get("openapi.json").json())
        return [(one.rule, one.place) for one in found.differs]

    assert differing() == []
    defect(name)
    assert differing() == [(rule, place)]


def test_frame_field_renumbered(views: Views, defect: Callable[..., None]) -> None:
    defect("frame-field-renumbered")
    view = views.open()
    with connect(view["stream_port"]) as channel:
        call = frames(channel, 0)
        frame = next(call)
        call.cancel()
    views.close(view["job_id"])
    assert frame.data_shape_x == 0
    assert frame.data_shape_y == len(frame.main_data) > 0
