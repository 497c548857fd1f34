"""The schemas of messages and frames compared. Tests read them: each is an answer."""

from __future__ import annotations

from collections.abc import Iterator

from focus_core.contract.diff.changes import Change, Direction, Severity
from focus_core.contract.diff.schemas import differences
from focus_core.contract.record import Json
from focus_core.contract.schemas import inlined

_ANSWER = Direction.ANSWER


def compared(old: Json, new: Json) -> Iterator[Change]:
    """Every change between two documents of messages."""
    before, after = old.get("exchanges", {}), new.get("exchanges", {})
    for name, exchange in before.items():
        what = f"exchange {name}"
        if name not in after:
            yield Change(Severity.BREAKING, _ANSWER, "exchange-gone", what, "", "it is no longer there")
            continue
        for key in ("type", "durable"):
            if exchange.get(key) != after[name].get(key):
                text = f"its {key} is {after[name].get(key)} instead of {exchange.get(key)}"
                yield Change(Severity.BREAKING, _ANSWER, f"exchange-{key}-changed", what, "", text)
        yield from _schemas(old, new, exchange["messages"], after[name]["messages"], what)
    for name in after.keys() - before.keys():
        yield Change(Severity.HARMLESS, _ANSWER, "exchange-added", f"exchange {name}", "", "it is new")
    yield from _schemas(old, new, old.get("streams", {}), new.get("streams", {}), "stream")


def _schemas(old: Json, new: Json, before: Json, after: Json, what: str) -> Iterator[Change]:
    for name, schema in before.items():
        where = f"{what} {name}"
        if name not in after:
            yield Change(Severity.BREAKING, _ANSWER, "message-gone", where, "", "it is no longer sent")
            continue
        for one in differences(inlined(old, schema), inlined(new, after[name]), _ANSWER):
            yield Change(one.judged(_ANSWER), _ANSWER, f"message-{one.rule}", where, one.place, one.sentence)
    for name in after.keys() - before.keys():
        yield Change(Severity.HARMLESS, _ANSWER, "message-added", f"{what} {name}", "", "it is new")
