"""What the ingress reads from its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where the ingress listens, where it forwards to, and its limits. Times in seconds, sizes in bytes."""

    port: int
    certificate: Path
    expired_certificate: Path
    other_host_certificate: Path
    key: Path
    focus_url: str
    webapp_url: str
    token_key: str
    rate_per_s: float = 200.0
    burst: int = 400
    max_body: int = 10 << 20
    connect_s: float = 5.0
    answer_s: float = 50.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read PORT, TLS_CERTIFICATE, TLS_EXPIRED, TLS_OTHER_HOST, TLS_KEY, FOCUS_URL, WEBAPP_URL, TOKEN_KEY and the
        limits: RATE_PER_S, BURST, MAX_BODY_BYTES, ANSWER_S.
        """
        return cls(
            port=int(environment["PORT"]),
            certificate=Path(environment["TLS_CERTIFICATE"]),
            expired_certificate=Path(environment["TLS_EXPIRED"]),
            other_host_certificate=Path(environment["TLS_OTHER_HOST"]),
            key=Path(environment["TLS_KEY"]),
            focus_url=environment["FOCUS_URL"],
            webapp_url=environment["WEBAPP_URL"],
            token_key=environment["TOKEN_KEY"],
            rate_per_s=float(environment["RATE_PER_S"]),
            burst=int(environment["BURST"]),
            max_body=int(environment["MAX_BODY_BYTES"]),
            answer_s=float(environment["ANSWER_S"]),
        )
