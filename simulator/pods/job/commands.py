"""The commands that a job gets while somebody looks at it.

A job without a client has nothing to show, so its commands wait in their queue: a link to the broker would cost 3 MB in
each of two hundred processes. The first client brings the link up; what waited is obeyed before its first row.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pika
from pika.adapters.blocking_connection import BlockingChannel

from simulator.defects import active
from simulator.pods.analyzer import commands as analyzer_commands
from simulator.pods.analyzer.commands import Command, CommandError
from simulator.pods.broker_errors import BROKER_ERRORS
from simulator.pods.job.broker_queue import connection_parameters

log = logging.getLogger("grpc-job.commands")

_RETRY_S = 2.0


class CommandReader:
    """Reads the commands of one job in a thread; ``on_command`` gets each valid one for it, in that thread."""

    def __init__(self, job_id: str, on_command: Callable[[str, Command], None]) -> None:
        self._job_id = job_id
        self._on_command = on_command
        self._thread: threading.Thread | None = None
        self._caught_up = threading.Event()

    def start(self) -> None:
        """Begin to read, unless it has begun already."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._read, name="commands", daemon=True)
            self._thread.start()

    def wait_until_caught_up(self, seconds: float) -> None:
        """Wait until the commands that were there at the start are read, or the broker turns out to be away."""
        self._caught_up.wait(seconds)

    def _read(self) -> None:
        while True:
            try:
                self._serve()
            except BROKER_ERRORS as error:
                if not self._caught_up.is_set():
                    log.warning("no commands without the broker (%s)", type(error).__name__)
            self._caught_up.set()
            threading.Event().wait(_RETRY_S)

    def _serve(self) -> None:
        connection = pika.BlockingConnection(connection_parameters())
        try:
            channel = connection.channel()
            analyzer_commands.declare(channel, self._job_id)
            queue = analyzer_commands.queue_name(self._job_id)
            if active("commands-unread"):
                return
            while True:
                method, properties, body = channel.basic_get(queue, auto_ack=True)
                if method is None:
                    break
                self._receive(channel, method, properties, body)
            self._caught_up.set()
            channel.basic_consume(queue, self._receive, auto_ack=True)
            channel.start_consuming()
        finally:
            if connection.is_open:
                connection.close()

    def _receive(
        self,
        _channel: BlockingChannel,
        method: pika.spec.Basic.Deliver | pika.spec.Basic.GetOk,
        _properties: pika.BasicProperties,
        body: bytes,
    ) -> None:
        key = method.routing_key
        try:
            command = analyzer_commands.read(key, body)
            if command.get("job_id", self._job_id) == self._job_id:
                self._on_command(key, command)
        except CommandError as refused:
            log.warning("command %s refused: %s", key[:40], refused)
