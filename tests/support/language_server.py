"""An editor's side of a language server that speaks JSON-RPC over its stdin and stdout, as VS Code does."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support import framed_json

# How long one answer may take on a machine that is busy with other things.
PATIENCE_S = 240.0


class LanguageServer:
    """A running server. Its own questions about settings are answered from ``settings``, by dotted section."""

    def __init__(self, command: list[str], folder: Path, settings: dict[str, Any], log: Path) -> None:
        self._settings = settings
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log
        )
        self._answers: dict[int, dict[str, Any]] = {}
        self._arrived = threading.Condition()
        self._next = 0
        self._titles: dict[Any, str] = {}
        # What was published of each document last; what the works that are over were about.
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self.done: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, method: str, params: Any) -> Any:
        """The result of a request; an error of the server is an AssertionError."""
        with self._arrived:
            self._next += 1
            number = self._next
        self._send({"id": number, "method": method, "params": params})
        with self._arrived:
            assert self._arrived.wait_for(lambda: number in self._answers, PATIENCE_S), f"{method} was never answered"
            answer = self._answers.pop(number)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def wait_until(self, what: str, holds: Callable[[], bool]) -> None:
        with self._arrived:
            assert self._arrived.wait_for(holds, PATIENCE_S), f"never happened: {what}"

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def stop(self) -> None:
        """Ends the server as an editor does; kills one that does not end."""
        try:
            self.ask("shutdown", None)
            self.notify("exit", None)
            self._process.wait(20)
        finally:
            self._process.kill()
            self._process.wait()
            self._log.close()

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        framed_json.write(self._process.stdin, {"jsonrpc": "2.0", **message})

    def _read(self) -> None:
        assert self._process.stdout is not None
        while message := framed_json.read(self._process.stdout):
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            with self._arrived:
                self._answers[message["id"]] = message
                self._arrived.notify_all()
        elif "id" in message:
            self._send({"id": message["id"], "result": self._answer(message["method"], message.get("params"))})

        else:
            with self._arrived:
                self._note(message["method"], message["params"])
                self._arrived.notify_all()

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "textDocument/publishDiagnostics":
            self.diagnostics[params["uri"]] = params["diagnostics"]
        elif method == "$/progress" and params["value"]["kind"] == "begin":
            self._titles[params["token"]] = params["value"].get("message", "")
        elif method == "$/progress" and params["value"]["kind"] == "end":
            self.done.append(self._titles.pop(params["token"], ""))

    def _answer(self, method: str, params: Any) -> Any:
        if method == "workspace/configuration":
            return [self._section(item.get("section", "")) for item in params["items"]]
        return None

    def _section(self, name: str) -> Any:
        """The settings below a section, nested as VS Code hands them over."""
        found: dict[str, Any] = {}
        for key, value in self._settings.items():
            if key == name:
                return value
            if key.startswith(f"{name}."):
                *folders, last = key.removeprefix(f"{name}.").split(".")
                place = found
                for folder in folders:
                    place = place.setdefault(folder, {})
                place[last] = value
        return found
