"""Members of JSON values by their paths."""

from __future__ import annotations

from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.server.members import member

ANSWER: dict[str, Any] = {
    "status": "ok",
    "dependencies": {"mongodb": "ok"},
    "detail": [{"loc": ["body", "channels"], "msg": "is missing"}],
    "channels": [[1, 2], [3, 4]],
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("status", "ok"),
        ("dependencies.mongodb", "ok"),
        ("detail[0].msg", "is missing"),
        ("detail[0].loc[-1]", "channels"),
        ("channels[1][0]", 3),
        ("detail", ANSWER["detail"]),
    ],
)
def test_a_member_is_found(path: str, expected: object) -> None:
    assert member(ANSWER, path) == expected


def test_a_list_may_be_all_there_is() -> None:
    assert member([{"a": 1}], "[0].a") == 1


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("version", r"there is no version: at 'version' it has status, dependencies, detail, channels"),
        ("dependencies.redis", r"there is no dependencies\.redis: at 'redis' it has mongodb"),
        ("detail[1].msg", r"there is no detail\[1\]\.msg: at \[1\] stands a list of 1"),
        ("detail[-2]", r"at \[-2\] stands a list of 1"),
        ("detail.msg", r"at 'msg' stands a list of 1"),
        ("status.code", r"at 'code' stands a text"),
        ("dependencies[0]", r"at \[0\] stands an object"),
    ],
)
def test_what_stands_there_instead_is_named(path: str, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        member(ANSWER, path)


@pytest.mark.parametrize("path", ["", ".status", "detail[x]", "detail[", "a..b", "detail[0]msg."])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(BenchError, match=r"is no way to a member of an answer; write names and places in lists"):
        member(ANSWER, path)
