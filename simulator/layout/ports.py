"""Loopback ports of a site: one block of contiguous ports, below the range that outgoing connections use."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import SimulatorError

FIRST, LAST, BLOCK = 20000, 32000, 300
STREAM_SLOTS = 240
_FIXED = 50


@dataclass(frozen=True)
class Ports:
    """Ports of one site, counted from the first one of its block. A job in slot s listens on ``stream_base + s``."""

    base: int

    # base itself is the guard: the launcher holds it while the site starts, so no other launcher takes the block.
    @property
    def kubernetes(self) -> int:
        return self.base + 1

    @property
    def node(self) -> int:
        return self.base + 2

    # The pods of the workloads; clients use the ports of their services, below.
    @property
    def focus_pod(self) -> int:
        return self.base + 3

    @property
    def webapp_pod(self) -> int:
        return self.base + 4

    @property
    def mongodb_pod(self) -> int:
        return self.base + 5

    @property
    def amqp_pod(self) -> int:
        return self.base + 6

    @property
    def management_pod(self) -> int:
        return self.base + 7

    @property
    def epmd(self) -> int:
        return self.base + 8

    @property
    def distribution(self) -> int:
        return self.base + 9

    @property
    def kubernetes_tls(self) -> int:
        return self.base + 10

    @property
    def ingress(self) -> int:
        return self.base + 11

    @property
    def amqps(self) -> int:
        return self.base + 12

    @property
    def broker_metrics(self) -> int:
        return self.base + 13

    @property
    def node_ports(self) -> range:
        """Ports that services may have, and are listened on."""
        return range(self.base + 17, self.base + _FIXED)

    @property
    def mongodb(self) -> int:
        return self.base + 17

    @property
    def amqp(self) -> int:
        return self.base + 18

    @property
    def management(self) -> int:
        return self.base + 19

    @property
    def focus(self) -> int:
        return self.base + 20

    @property
    def webapp(self) -> int:
        return self.base + 21

    @property
    def stream_base(self) -> int:
        return self.base + 50


def is_free(port: int) -> bool:
    """Return whether nothing listens on the loopback port (connections that just ended do not count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def block_is_free(base: int) -> bool:
    """Return whether all ports that a site needs in this block are free."""
    ports = [*range(base + 1, base + _FIXED), *range(base + 50, base + 51 + STREAM_SLOTS)]
    return all(is_free(port) for port in ports)


@contextmanager
def reserved_block(state_dir: Path, wanted: int | None) -> Iterator[Ports]:
    """Choose a free block and hold its guard port until the site's own programs listen.

    Args:
        state_dir: decides where the search starts, so that sites side by side rarely meet.
        wanted: first port that the site had before; kept when all of its ports are still free.
    """
    blocks = range(FIRST, LAST - BLOCK, BLOCK)
    start = zlib.crc32(str(state_dir).encode()) % len(blocks)
    order = [*blocks[start:], *blocks[:start]]
    if wanted is not None:
        order.insert(0, wanted)
    for base in order:
        guard = socket.socket()
        try:
            guard.bind(("127.0.0.1", base))
            free = block_is_free(base)
        except OSError:
            free = False
        if not free:
            guard.close()
            continue
        try:
            yield Ports(base)
        finally:
            guard.close()
        return
    raise SimulatorError(
        f"No {BLOCK} free ports in a row between {FIRST} and {LAST} on 127.0.0.1; stop another simulated site first "
        "('python run.py site down --state-dir DIR')."
    )
