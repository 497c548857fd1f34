"""What is registered for clean-up can be taken back one by one."""

from functools import partial

from focus_core.base.cleanup import CleanupRegistry


def test_chosen_undos_are_played_newest_first_and_the_others_stay() -> None:
    registry, played = CleanupRegistry(), list[str]()
    first, second, third = (registry.add(name, partial(played.append, name)) for name in "abc")
    assert registry.undo({first, third}) == []
    assert played == ["c", "a"]
    assert registry.names() == {second: "b"}


def test_an_undo_that_is_needed_no_longer_is_not_played() -> None:
    registry, played = CleanupRegistry(), list[str]()
    gone = registry.add("a", partial(played.append, "a"))
    registry.done(gone)
    assert registry.undo({gone}) == []
    assert played == []


def test_an_undo_that_fails_is_a_sentence_and_the_next_one_is_played() -> None:
    registry, played = CleanupRegistry(), list[str]()

    def refuse() -> None:
        raise OSError("no answer")

    registry.add("Job 1", lambda: played.append("Job 1"))
    registry.add("Job 2", refuse)
    assert registry.undo(list(registry.names())) == ["Job 2 was not removed: no answer"]
    assert played == ["Job 1"]
    assert registry.names() == {}
