"""The sentence of a comparison that failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_LONGEST = 400  # characters of a sentence that is read at a glance
_LONGEST_VALUE = 120
_MOST_NAMED = 20


def in_words(seen: Any, expected: Any, failure: str) -> str:
    """A failure of the assertion engine in plain words: "nothing" for None; of what is long, the first difference.

    What has no difference to name, as a list that lacks an entry, is cut in the middle. The log shows values in full.
    """
    failure = failure.replace("'None' (nonetype)", "nothing")
    if len(failure) <= _LONGEST:
        return failure
    difference = next(_differences(seen, expected, ""), None)
    return difference if difference else f"{failure[: _LONGEST // 2]} ... {failure[-_LONGEST // 2 :]}"


def naming(failure: AssertionError, message: str | None, words: str, things: list[Any]) -> AssertionError:
    """The failure with the things that were seen; a message of the tester's own stays as it is."""
    if message or not things:
        return failure
    named = "; ".join(map(str, things[:_MOST_NAMED]))
    return type(failure)(f"{str(failure).rstrip('.')}. {words}: {named}.")


def _differences(seen: Any, expected: Any, path: str) -> Iterator[str]:
    """Each place where objects or lists differ, in order; nothing for values of other or unlike kinds."""
    if isinstance(seen, Mapping) and isinstance(expected, Mapping):
        for name in [*expected, *(name for name in seen if name not in expected)]:
            yield from _at(
                f"{path}.{name}" if path else str(name), seen, expected, name, name in seen, name in expected
            )
    elif isinstance(seen, list) and isinstance(expected, list):
        for place in range(max(len(seen), len(expected))):
            yield from _at(f"{path}[{place}]", seen, expected, place, place < len(seen), place < len(expected))


def _at(path: str, seen: Any, expected: Any, key: Any, is_seen: bool, is_expected: bool) -> Iterator[str]:
    if not is_seen:
        yield f"there is no {path}, which should be {_short(expected[key])}"
    elif not is_expected:
        yield f"{path} is {_short(seen[key])}, but should not be there"
    elif seen[key] != expected[key]:
        inner = next(_differences(seen[key], expected[key], path), None)
        yield inner or f"{path} is {_short(seen[key])}, but should be {_short(expected[key])}"


def _short(value: Any) -> str:
    text = "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]} ..."
