"""The job's queue at the message broker: declared once, as soon as the broker is there."""

from __future__ import annotations

import logging
import os
import signal
import time
from typing import Any

import pika
from pika.exceptions import AMQPError

log = logging.getLogger("grpc-job.queue")

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 15.0
_QUEUE_BYTES_MAX = 1_074_000_000


def declare_in_background(queue: str) -> None:
    """Declare the queue in a process of its own: an absent broker delays nothing, it is asked again and again.

    A thread would do the same, but what pika touches would stay private memory of each of fifty jobs (2 MB); the
    process takes it along when it ends. To be called before gRPC or a thread is started.
    """
    # The system removes the ended process; nobody waits for it.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    job = os.getpid()
    if os.fork() == 0:
        try:
            _declare_until_done(queue, job)
        finally:
            os._exit(0)


def _declare_until_done(queue: str, job: int) -> None:
    pause = _FIRST_PAUSE_S
    while os.getppid() == job:
        try:
            _declare(queue)
        except (AMQPError, OSError) as error:
            log.warning("queue %s waits for the broker (%s), next try in %.0f s", queue, type(error).__name__, pause)
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)
        else:
            log.info("queue %s declared", queue)
            return


def _declare(queue: str) -> None:
    env = os.environ
    credentials = pika.PlainCredentials(env["RABBITMQ_USER"], env["RABBITMQ_PASSWORD"])
    parameters = pika.ConnectionParameters(
        host=env["RABBITMQ_HOST"],
        port=int(env["RABBITMQ_PORT"]),
        credentials=credentials,
        socket_timeout=5,
        blocked_connection_timeout=5,
    )
    arguments: dict[str, Any] = {"x-max-length-bytes": _QUEUE_BYTES_MAX}
    connection = pika.BlockingConnection(parameters)
    try:
        connection.channel().queue_declare(queue, durable=True, arguments=arguments)
    finally:
        connection.close()
