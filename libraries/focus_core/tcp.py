"""Is a port open: one TCP connection, nothing sent."""

from __future__ import annotations

import socket


def trouble(host: str, port: int, timeout: float = 5) -> str:
    """Why no connection came about, in one phrase ("connection refused"); empty when one did."""
    try:
        socket.create_connection((host, port), timeout=timeout).close()
    except TimeoutError:
        return f"no answer within {timeout:g} s"
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return ""
