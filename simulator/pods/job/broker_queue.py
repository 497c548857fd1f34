"""The job's queues at the message broker: declared once, as soon as the broker is there."""

from __future__ import annotations

import logging
import os
import signal
import time
from typing import Any

import pika

from simulator.defects import active
from simulator.pods.analyzer import commands as analyzer_commands
from simulator.pods.broker_errors import BROKER_ERRORS

log = logging.getLogger("grpc-job.queue")

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 15.0
_HEARTBEAT_S = 600
_QUEUE_BYTES_MAX = 1_074_000_000


def declare_in_background(queue: str, job_id: str) -> None:
    """Declare the queues of frames and of commands in a process of its own.

    An absent broker delays nothing, it is asked again and again.

    A thread would do the same, but what pika touches would stay private memory of each of fifty jobs (2 MB); the
    process takes it along when it ends. To be called before gRPC or a thread is started.
    """
    # The system removes the ended process; nobody waits for it.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    job = os.getpid()
    if os.fork() == 0:
        try:
            _declare_until_done(queue, job_id, job)
        finally:
            os._exit(0)


def _declare_until_done(queue: str, job_id: str, job: int) -> None:
    pause = _FIRST_PAUSE_S
    while os.getppid() == job:
        try:
            _declare(queue, job_id)
        except BROKER_ERRORS as error:
            log.warning("queue %s waits for the broker (%s), next try in %.0f s", queue, type(error).__name__, pause)
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)
        else:
            log.info("queue %s declared", queue)
            return


def connection_parameters() -> Any:
    """Return where the broker is, from the pod's environment."""
    env = os.environ
    return pika.ConnectionParameters(
        host=env["RABBITMQ_HOST"],
        port=int(env["RABBITMQ_PORT"]),
        credentials=pika.PlainCredentials(env["RABBITMQ_USER"], env["RABBITMQ_PASSWORD"]),
        heartbeat=_HEARTBEAT_S,
        socket_timeout=5,
        blocked_connection_timeout=5,
    )


def _declare(queue: str, job_id: str) -> None:
    arguments: dict[str, Any] = {} if active("job-queue-unbounded") else {"x-max-length-bytes": _QUEUE_BYTES_MAX}
    connection = pika.BlockingConnection(connection_parameters())
    try:
        channel = connection.channel()
        channel.queue_declare(queue, durable=not active("job-queue-transient"), arguments=arguments)
        analyzer_commands.declare(channel, job_id)
    finally:
        connection.close()
