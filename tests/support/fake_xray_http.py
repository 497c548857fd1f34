"""The HTTP side of the fake Xray: its requests, and the faults that a test ordered."""

from __future__ import annotations

import email
import json
import re
import time
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from support.fake_xray import FakeXray, Fault


class RefusalError(Exception):
    """Xray's own word for a request that is wrong."""


def parts_of(body: bytes, content_type: str) -> dict[str, tuple[str, bytes]]:
    """The parts of a form: name -> file name and content."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.message_from_bytes(head + body, policy=HTTP)
    return {
        part.get_param("name", header="content-disposition"): (part.get_filename() or "", part.get_payload(decode=True))
        for part in message.iter_parts()  # type: ignore[attr-defined]
    }


def handler(fake: FakeXray) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one packet: the second of two would wait 40 ms for an acknowledgement.
        wbufsize = -1

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path.startswith("/advance/"):  # the sleep of a program that runs beside the fake
                fake.advance(float(self.path.rpartition("/")[2]))
                self._send(200, {}, {})
                return
            path = self.path.removeprefix("/api/v2/")
            operation = re.search(rb"(getTest\w+|add\w+ToTestRun)\(", body) if path == "graphql" else None
            what = f"{path} {operation[1].decode()}" if operation else path
            number = fake.note(what, body)
            fake.hook(number, "before")
            fault = fake.fault_for(what)
            if fault:
                time.sleep(fault.slow_s)
            if fault and not fault.after and not fault.slow_s:
                self._fail(fault)
                return
            try:
                status, answer = fake.handle(path, body, self.headers.get("Content-Type", ""), self._token())
            except RefusalError as error:
                status, answer = 400, {"error": str(error)}
            fake.hook(number, "after")
            if fault and fault.after:
                self._fail(fault)
                return
            self._send(status, answer, {})

        def _token(self) -> str:
            return self.headers.get("Authorization", "")

        def _fail(self, fault: Fault) -> None:
            if fault.silent:
                self.close_connection = True
            else:
                self._send(fault.status, {"error": fault.text}, fault.headers)

        def _send(self, status: int, answer: Any, headers: dict[str, str]) -> None:
            content = json.dumps(answer, ensure_ascii=False).encode()
            try:
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # whoever asked was killed

        def log_message(self, *_args: object) -> None:
            pass

    return Handler
