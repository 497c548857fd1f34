"""The Focus Server's link to the analyser commands: it publishes those of its own and hears those of others."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable

import pika
from pika.adapters.blocking_connection import BlockingChannel

from simulator.defects import active
from simulator.pods.analyzer import commands as analyzer_commands
from simulator.pods.analyzer.commands import EXCHANGE, ROI, Command, CommandError
from simulator.pods.broker_errors import BROKER_ERRORS

log = logging.getLogger("focus.commands")

_SENDER = "focus-server"
_ANSWER_S = 3
_HEARTBEAT_S = 600
_RETRY_S = 2.0


class BrokerDownError(Exception):
    """The broker cannot be reached, or did not take the command."""


class CommandLink:
    """Publishes commands to jobs; calls ``on_region(job_id or None, region)`` in the loop for those of others."""

    def __init__(self, url: str, on_region: Callable[[str | None, dict[str, int]], None]) -> None:
        self._parameters = pika.URLParameters(url)
        self._parameters.heartbeat = _HEARTBEAT_S
        self._parameters.socket_timeout = _ANSWER_S
        self._parameters.stack_timeout = _ANSWER_S
        self._parameters.blocked_connection_timeout = _ANSWER_S
        self._on_region = on_region
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin to listen, in a thread that goes on until ``stop``."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._listen, args=(loop,), name="commands", daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._ended.set()

    async def publish(self, job_id: str, command: Command) -> None:
        """Send a ROI command to one job. Raises BrokerDownError unless the broker took it."""
        await asyncio.to_thread(self._publish, job_id, json.dumps({**command, "job_id": job_id}).encode())

    def _publish(self, job_id: str, body: bytes) -> None:
        properties = pika.BasicProperties(content_type="application/json", delivery_mode=2, app_id=_SENDER)
        try:
            connection = pika.BlockingConnection(self._parameters)
            try:
                channel = connection.channel()
                # The job may still be starting: the command waits for it in its queue.
                analyzer_commands.declare(channel, job_id)
                channel.confirm_delivery()
                channel.basic_publish(EXCHANGE, ROI, body, properties)
            finally:
                connection.close()
        except BROKER_ERRORS as error:
            raise BrokerDownError(f"{type(error).__name__} {error}".strip()) from error

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        reported = ""
        while not self._ended.is_set():
            try:
                self._serve(loop)
            except BROKER_ERRORS as error:
                if type(error).__name__ != reported:
                    reported = type(error).__name__
                    log.warning("no commands of others without the broker (%s)", reported)
                self._ended.wait(_RETRY_S)

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        def receive(
            _channel: BlockingChannel, method: pika.spec.Basic.Deliver, properties: pika.BasicProperties, body: bytes
        ) -> None:
            if properties.app_id == _SENDER:
                return
            try:
                command = analyzer_commands.read(method.routing_key, body)
            except CommandError as refused:
                log.warning("command %s refused: %s", method.routing_key[:40], refused)
                return
            loop.call_soon_threadsafe(self._on_region, command.get("job_id"), command["value"])

        self._parameters.heartbeat = 0 if active("broker-heartbeat-off") else _HEARTBEAT_S
        connection = pika.BlockingConnection(self._parameters)
        try:
            channel = connection.channel()
            analyzer_commands.declare_exchange(channel)
            queue = channel.queue_declare("", exclusive=True).method.queue
            channel.basic_consume(queue, receive, auto_ack=True)
            silent = self._parameters.heartbeat == 0
            while not self._ended.is_set() and silent == active("broker-heartbeat-off"):
                # Repeated, because somebody may have removed and made the exchange again.
                channel.queue_bind(queue, EXCHANGE, ROI)
                connection.process_data_events(time_limit=0.5)
        finally:
            if connection.is_open:
                connection.close()
