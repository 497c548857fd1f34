"""SPDY frames as a client sends them."""

from __future__ import annotations

import struct
import zlib

import pytest

from simulator.cluster import spdy


def syn_stream(deflate: zlib._Compress, stream: int, **headers: str) -> bytes:
    block = struct.pack(">I", len(headers))
    for name, value in headers.items():
        block += struct.pack(">I", len(name)) + name.encode() + struct.pack(">I", len(value)) + value.encode()
    body = struct.pack(">IIH", stream, 0, 0) + deflate.compress(block) + deflate.flush(zlib.Z_SYNC_FLUSH)
    return struct.pack(">HHI", 0x8003, 1, len(body)) + body


def test_frames_in_pieces_and_headers_that_share_their_compression() -> None:
    assert zlib.adler32(spdy._DICTIONARY) == 0xE3C6A7C2, "the dictionary of SPDY/3"
    deflate = zlib.compressobj(zdict=spdy._DICTIONARY)
    sent = syn_stream(deflate, 1, streamType="error", port="80") + syn_stream(deflate, 3, streamType="data", port="80")
    sent += struct.pack(">II", 3, 4) + b"data" + struct.pack(">II", 3, 1 << 24)
    sent += struct.pack(">HHII", 0x8003, 6, 4, 7)
    connection = spdy.Connection()
    frames = [frame for position in range(len(sent)) for frame in connection.received(sent[position : position + 1])]
    assert [frame.stream for frame in frames] == [1, 3, 3, 3]
    assert [frame.headers.get("streamtype") for frame in frames[:2]] == ["error", "data"]
    assert [(frame.data, frame.ends) for frame in frames[2:]] == [(b"data", False), (b"", True)]
    assert connection.answers == [struct.pack(">HHII", 0x8003, 6, 4, 7)], "a ping comes back"


def test_another_protocol_is_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        list(spdy.Connection().received(struct.pack(">HHI", 0x8002, 1, 0)))
