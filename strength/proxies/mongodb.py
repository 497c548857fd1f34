"""Proxy for MongoDB: forwards commands unchanged and passes each reply through the worker's interceptor."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import bson

from strength.proxies.http import IDLE_TIMEOUT_S, Listener
from strength.proxies.http_messages import BrokenMessageError
from strength.proxies.interceptor import Interceptor

# https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/: length, id, id of the request, kind of message.
_HEAD = struct.Struct("<iiii")
_FLAGS = struct.Struct("<I")
_OP_MSG = 2013
_WITH_CHECKSUM = 1
_CHECKSUM_BYTES = 4
_MOST_BYTES = 50 << 20
# Commands that the driver sends on its own.
_DRIVER_COMMANDS = frozenset(
    {"hello", "isMaster", "ismaster", "endSessions", "saslStart", "saslContinue", "killCursors"}
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# A run id and whatever follows it in the name of a collection.
_OWN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}.*")


@dataclass
class Document:
    """The document of a reply, as BSON."""

    body: bytes
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    content_type: str = "application/bson"

    def content(self) -> Any:
        return bson.decode(self.body)

    def replace(self, content: Any) -> None:
        self.body = bson.encode(content)

    def change_whole(self, _operator: str, _detail: str) -> bool:
        return False


class MongoProxy:
    """Listens on loopback in front of a MongoDB server."""

    def __init__(self, host: str, port: int, interceptor: Interceptor) -> None:
        self._address = (host, port)
        self._interceptor = interceptor
        self._listener = Listener(self._serve)
        self.port = self._listener.port

    def close(self) -> None:
        self._listener.close()

    def _serve(self, client: socket.socket) -> None:
        """Serve one connection: another thread forwards commands, this one replies."""
        with socket.create_connection(self._address, IDLE_TIMEOUT_S) as site:
            # A client may be ineffective for as long as it likes.
            client.settimeout(None)
            site.settimeout(None)
            pending: dict[int, str] = {}
            threading.Thread(target=self._forward, args=(client, site, pending), daemon=True).start()
            try:
                for number, answered, message in _messages(site):
                    client.sendall(self._reply(pending.pop(answered, ""), number, answered, message))
            finally:
                # Wakes the other thread.
                with suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)

    def _forward(self, client: socket.socket, site: socket.socket, pending: dict[int, str]) -> None:
        with suppress(OSError, BrokenMessageError):
            for number, _, message in _messages(client):
                pending[number] = _operation(message)
                site.sendall(message)
        with suppress(OSError):
            site.shutdown(socket.SHUT_RDWR)

    def _reply(self, operation: str, number: int, answered: int, message: bytes) -> bytes:
        document = _document(message) if operation else None
        if document is None:
            return message
        document, changed = self._interceptor.apply(operation, document)
        if not changed:
            return message
        flags = _FLAGS.unpack_from(message, _HEAD.size)[0] & ~_WITH_CHECKSUM
        rest = _FLAGS.pack(flags) + b"\0" + document.body
        return _HEAD.pack(_HEAD.size + len(rest), number, answered, _OP_MSG) + rest


def _messages(source: socket.socket) -> Iterator[tuple[int, int, bytes]]:
    """Whole messages with their request id and the id they respond to, until the connection ends."""
    with source.makefile("rb") as stream:
        while head := stream.read(_HEAD.size):
            if len(head) < _HEAD.size:
                return
            length, number, answered, _ = _HEAD.unpack(head)
            if not _HEAD.size <= length <= _MOST_BYTES:
                raise BrokenMessageError(f"{length} bytes is no valid length of a MongoDB message")
            rest = stream.read(length - _HEAD.size)
            if len(rest) < length - _HEAD.size:
                return
            yield number, answered, head + rest


def _document(message: bytes) -> Document | None:
    """The body of a message that consists of one body section; None for all others."""
    kind = _HEAD.unpack_from(message)[3]
    start = _HEAD.size + _FLAGS.size
    if kind != _OP_MSG or len(message) < start + 5 or message[start] != 0:
        return None
    flags = _FLAGS.unpack_from(message, _HEAD.size)[0]
    end = len(message) - (_CHECKSUM_BYTES if flags & _WITH_CHECKSUM else 0)
    size = int.from_bytes(message[start + 1 : start + 5], "little")
    return Document(message[start + 1 : end]) if start + 1 + size == end else None


def _operation(message: bytes) -> str:
    """For example `mongodb: find {guid}`; empty for commands that the driver sends on its own."""
    start = _HEAD.size + _FLAGS.size + 1
    if _HEAD.unpack_from(message)[3] != _OP_MSG or message[start - 1] != 0:
        return ""
    size = int.from_bytes(message[start : start + 4], "little")
    command, target = next(iter(bson.decode(message[start : start + size]).items()), ("", ""))
    if command in _DRIVER_COMMANDS:
        return ""
    collection = _OWN.sub("{own}", _GUID.sub("{guid}", target)) if isinstance(target, str) else ""
    return f"mongodb: {command} {collection}".rstrip()
