"""An editor's side of a debug adapter, over the adapter's stdin and stdout, as VS Code starts it."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support import framed_json

# Starting Robot Framework under the debugger takes seconds, longer on a busy machine.
PATIENCE_S = 120.0


class DebugAdapter:
    """A running adapter; what it sends is kept in order of arrival."""

    def __init__(self, command: list[str], folder: Path, log: Path) -> None:
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log
        )
        self.received: list[dict[str, Any]] = []
        self._arrived = threading.Condition()
        self._next = 0
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """The body of the response; a refusal is an AssertionError."""
        number = self.send(command, **arguments)
        response = self.wait_for(f"response to {command}", lambda one: one.get("request_seq") == number)
        assert response["success"], response
        return dict(response.get("body") or {})

    def send(self, command: str, **arguments: Any) -> int:
        """Sends a request without waiting for its response; returns its number."""
        self._next += 1
        message = {"seq": self._next, "type": "request", "command": command, "arguments": arguments}
        assert self._process.stdin is not None
        framed_json.write(self._process.stdin, message)
        return self._next

    def event(self, name: str) -> dict[str, Any]:
        """The body of the first event of this name."""
        return dict(self.wait_for(f"event {name}", lambda one: one.get("event") == name).get("body") or {})

    def wait_for(self, what: str, matches: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            return next((message for message in self.received if matches(message)), None)

        with self._arrived:
            message = self._arrived.wait_for(found, PATIENCE_S)
        assert message, f"no {what}; last were {self.received[-5:]}"
        return message

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._log.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while message := framed_json.read(self._process.stdout):
            with self._arrived:
                self.received.append(message)
                self._arrived.notify_all()
