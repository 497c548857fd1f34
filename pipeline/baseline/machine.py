"""Which machine figures were taken on: figures of another one are never compared with them."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Machine:
    """`memory_gb` is rounded: what the system keeps for itself differs from start to start."""

    processor: str
    cores: int
    memory_gb: int
    system: str
    python: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:8]

    def to_json(self, site: str) -> str:
        """The first line of a file, for people who look into it."""
        return json.dumps({"kind": "machine", "site": site, **asdict(self)}, ensure_ascii=False)

    def __str__(self) -> str:
        return f"{self.processor}, {self.cores} cores, {self.memory_gb} GB, {self.system}, Python {self.python}"


def this_machine() -> Machine:
    return Machine(
        processor=_processor(),
        cores=psutil.cpu_count() or 1,
        memory_gb=round(psutil.virtual_memory().total / 2**30),
        system=platform.system(),
        python=".".join(platform.python_version_tuple()[:2]),
    )


def _processor() -> str:
    """The model, where the system names it; Linux does so only in a file."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = (line for line in info.read_text(encoding="utf-8").splitlines() if line.startswith("model name"))
        return next(named, ":").partition(":")[2].strip() or platform.machine()
    return platform.processor() or platform.machine()
