"""A container program for tests: `serve PORT`, `crash CODE`, `work SECONDS CODE`, `stubborn`, `memory MEGABYTES`.

`wait CODE` ends when a file named `go` lies in the pod's directory.
"""

# ruff: noqa: T201 - its standard output is the log that the tests read

from __future__ import annotations

import http.server
import os
import signal
import sys
import time
from pathlib import Path


def main() -> int:
    """Does what the first argument names; every program prints who it is on its first line."""
    command, *rest = sys.argv[1:]
    print(f"{command} of {os.environ['POD_NAME']}")
    if command == "serve":
        http.server.ThreadingHTTPServer(("127.0.0.1", int(rest[0])), _Handler).serve_forever()
    elif command == "crash":
        print("about to crash", file=sys.stderr)
        return int(rest[0])
    elif command == "work":
        time.sleep(float(rest[0]))
        return int(rest[1])
    elif command == "wait":
        while not Path("go").exists():
            time.sleep(0.05)
        return int(rest[0])
    elif command == "stubborn":
        signal.signal(signal.SIGTERM, lambda *_: print("no"))
        while True:
            time.sleep(0.1)
    elif command == "memory":
        ballast = bytearray(int(rest[0]) << 20)
        ballast[::4096] = b"x" * len(ballast[::4096])
        time.sleep(60)
    elif command == "declare":
        (Path(os.environ["POD_DIR"]) / "cpu-millicores").write_text(rest[0])
        time.sleep(60)
    elif command == "lines":
        for number in range(int(rest[0])):
            print(f"line {number}")
            time.sleep(float(rest[1]))
        time.sleep(60)
    return 0


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Ready unless a file named `sick` lies in the pod's directory."""
        self.send_response(503 if Path("sick").exists() else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Logs nothing: probes would fill the log."""


if __name__ == "__main__":
    sys.exit(main())
