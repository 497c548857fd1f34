"""Messages of the broker and frames of streams against the record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from focus_core.contract import record, seen
from focus_core.contract.schemas import Schema


def note_message(routing_key: str, body: Any) -> None:
    """Checks a message that came through the broker; one of a key that the record does not have is no part of it."""
    for exchange, pattern in _patterns():
        if _regex(pattern).fullmatch(routing_key):
            what = f"exchange {exchange} {pattern}"
            seen.of_process().value(what, body, _of_exchange(exchange, pattern).problems(body))
            return


def note_frame(name: str, fields: Mapping[str, Any]) -> None:
    """Checks the fields of a message of a stream, without its data."""
    value = dict(fields)
    seen.of_process().value(f"stream {name}", value, _of_stream(name).problems(value))


@cache
def _patterns() -> list[tuple[str, str]]:
    exchanges = record.messages()["exchanges"]
    return [(exchange, pattern) for exchange, entry in exchanges.items() for pattern in entry["messages"]]


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    """A pattern of AMQP: ``*`` is one word, ``#`` any number of them."""
    text = re.escape(pattern).replace(r"\.\#", r"(\..+)?").replace(r"\*", r"[^.]+")
    return re.compile(text)


@cache
def _of_exchange(exchange: str, pattern: str) -> Schema:
    document = record.messages()
    return Schema(document, document["exchanges"][exchange]["messages"][pattern])


@cache
def _of_stream(name: str) -> Schema:
    document = record.messages()
    return Schema(document, document["streams"][name])
