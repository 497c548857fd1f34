"""The weather station: takes readings, keeps them in MongoDB, and publishes each to RabbitMQ.

GET  /health                 200 {"status": "ok"} while database and broker answer, else 503
POST /readings               201 {"id"} for {"station": text, "celsius": number from -90 to 60}; else 422
GET  /readings?station=NAME  200 {"readings": [...]}, the newest first
"""

import json
import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pika
import pymongo
from pika.exceptions import AMQPError
from pymongo.errors import PyMongoError

COLDEST, HOTTEST = -90, 60
MOST_SHOWN = 100


class Broker:
    """One connection for all requests, opened again when it is lost."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Any = None
        self._channel: Any = None

    def publish(self, station: str, body: bytes) -> None:
        """Raises AMQPError when the broker did not confirm it, also on a new connection."""
        with self._lock:
            try:
                self._publish(station, body)
            except AMQPError:
                self._connection = None
                self._publish(station, body)

    def check(self) -> None:
        """Raises AMQPError when the broker does not answer."""
        with self._lock:
            self._open().exchange_declare(os.environ["EXCHANGE"], passive=True)

    def _publish(self, station: str, body: bytes) -> None:
        properties = pika.BasicProperties(content_type="application/json", delivery_mode=2)
        self._open().basic_publish(os.environ["EXCHANGE"], f"reading.{station}", body, properties)

    def _open(self) -> Any:
        if self._connection is None or not self._connection.is_open or not self._channel.is_open:
            login = pika.PlainCredentials(os.environ["RABBITMQ_USERNAME"], os.environ["RABBITMQ_PASSWORD"])
            port = int(os.environ["AMQP_PORT"])
            # Heartbeats would need somebody who reads between requests.
            where = pika.ConnectionParameters("127.0.0.1", port, credentials=login, heartbeat=0, socket_timeout=3)
            self._connection = pika.BlockingConnection(where)
            self._channel = self._connection.channel()
            self._channel.confirm_delivery()
            self._channel.exchange_declare(os.environ["EXCHANGE"], "topic", durable=True)
        return self._channel


class Station:
    """What the service knows, whatever the protocol."""

    def __init__(self) -> None:
        client: Any = pymongo.MongoClient(os.environ["MONGODB_URI"], serverSelectionTimeoutMS=3000)
        self._readings = client[os.environ["MONGODB_DATABASE"]]["readings"]
        self._admin = client["admin"]
        self._broker = Broker()

    def check(self) -> None:
        self._admin.command("ping")
        self._broker.check()

    def take(self, reading: dict[str, Any]) -> str:
        """Keep and publish a reading; returns its id."""
        kept = {"station": reading["station"], "celsius": reading["celsius"], "at": time.time()}
        number = str(self._readings.insert_one(dict(kept)).inserted_id)
        self._broker.publish(kept["station"], json.dumps({"id": number, **kept}).encode())
        return number

    def of(self, name: str) -> list[dict[str, Any]]:
        found = self._readings.find({"station": name}).sort("at", -1).limit(MOST_SHOWN)
        return [{"id": str(one["_id"]), "station": name, "celsius": one["celsius"], "at": one["at"]} for one in found]


def problem(reading: Any) -> str:
    """What is wrong with a reading; nothing for a good one."""
    if not isinstance(reading, dict) or set(reading) != {"station", "celsius"}:
        return "a reading has exactly station and celsius"
    station, celsius = reading["station"], reading["celsius"]
    if not isinstance(station, str) or not station.replace("-", "").isalnum():
        return "station is a name of letters, digits and '-'"
    if isinstance(celsius, bool) or not isinstance(celsius, int | float) or not COLDEST <= celsius <= HOTTEST:
        return f"celsius is a number from {COLDEST} to {HOTTEST}"
    return ""


class Handler(BaseHTTPRequestHandler):
    """The routes."""

    protocol_version = "HTTP/1.1"
    station: Station

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/health":
            self.guarded(lambda: (self.station.check(), {"status": "ok"})[1])
        elif url.path == "/readings":
            name = parse_qs(url.query).get("station", [""])[0]
            self.guarded(lambda: {"readings": self.station.of(name)})
        else:
            self.answer(404, {"error": f"there is no {url.path}"})

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if urlsplit(self.path).path != "/readings":
            return self.answer(404, {"error": f"there is no {self.path}"})
        try:
            reading = json.loads(content)
        except ValueError:
            return self.answer(422, {"error": "the body is no JSON"})
        if wrong := problem(reading):
            return self.answer(422, {"error": wrong})
        return self.guarded(lambda: {"id": self.station.take(reading)}, 201)

    def guarded(self, work: Any, status: int = 200) -> None:
        """The answer of the work, or 503 where database or broker are away."""
        try:
            body = work()
        except (PyMongoError, AMQPError, OSError) as error:
            self.answer(503, {"error": f"{type(error).__name__}"})
        else:
            self.answer(status, body)

    def answer(self, status: int, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        # The pod's log; the id is the one by which the monitor knows the test.
        print(f"{self.command} {self.path} {status} {self.headers.get('X-Request-Id', '-')}", flush=True)

    def log_message(self, *_: Any) -> None:
        """`answer` writes the log."""


def main() -> None:
    Handler.station = Station()
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"listening on {os.environ['PORT']}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
