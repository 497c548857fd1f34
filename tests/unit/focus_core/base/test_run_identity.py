"""A run's id names files and objects on every system, so not every text can be one."""

import pytest
from focus_core.base import run_identity
from focus_core.base.errors import BenchError


@pytest.mark.parametrize("chosen", ["jenkins-7", "20261122-110000-ab12", "a", "v1.2_rc", "7" * 64, "console", "nul-7"])
def test_an_id_of_the_caller_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv("FOCUS_RUN_ID", chosen)
    assert run_identity.new_run_id() == chosen


@pytest.mark.parametrize(
    "chosen",
    [
        *("", " ", ".", "..", "../../x", "a/b", "/tmp/x", "a\\b", "C:x", "a:b", "a*b", "a?b", 'a"b', "a<b", "a|b"),
        *("a b", "a\n", "a\tb", "x.", "-x", ".x", "ריצה", "x" * 65, "x" * 5000),
        *("con", "NUL", "nul.txt", "com1", "LPT9.log"),
    ],
)
def test_an_id_that_cannot_name_a_file_everywhere_is_refused(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv("FOCUS_RUN_ID", chosen)
    with pytest.raises(BenchError, match=r"^FOCUS_RUN_ID is '.*or unset it\.$") as refused:
        run_identity.new_run_id()
    assert len(str(refused.value)) < 400


def test_lanes_of_a_shard_count_on_from_those_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PABOTEXECUTIONPOOLID", "2")
    assert (run_identity.lane(), run_identity.is_shard()) == (2, False)
    monkeypatch.setenv("FOCUS_FIRST_LANE", "8")
    assert (run_identity.lane(), run_identity.is_shard()) == (10, True)


def test_ids_that_are_made_differ_and_would_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOCUS_RUN_ID", raising=False)
    made = {run_identity.new_run_id() for _ in range(20)}
    assert len(made) > 15
    monkeypatch.setenv("FOCUS_RUN_ID", made.pop())
    assert run_identity.new_run_id()
