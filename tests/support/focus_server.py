"""A Focus Server of the tests' own: without its cluster, database and broker, in a thread of this process."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import uvicorn

from simulator.pods.focus.app import create_app
from simulator.pods.focus.settings import Settings

KEY = "a key of this test that is long enough for HS256"


def settings(away: int, **changes: Any) -> Settings:
    """Settings of a server for which cluster, database and broker are at a port where nothing listens."""
    return replace(
        Settings(
            port=0,
            kubernetes_api=f"http://127.0.0.1:{away}",
            namespace="panda",
            mongodb_uri=f"mongodb://127.0.0.1:{away}/?directConnection=true",
            mongodb_database="prisma",
            storage_path="/prisma/root/recordings",
            rabbitmq_url=f"amqp://user:not-to-be-seen@127.0.0.1:{away}/%2F",
            rabbitmq_management_url=f"http://127.0.0.1:{away}",
            rabbitmq_secret="rabbitmq-panda",
            token_key=KEY,
            stream_base_port=12300,
            stream_host="127.0.0.1",
            max_windows=30,
            capacity=200,
            highest_channel=2222,
            time_scale=1.0,
            version="1.2.3",
            job_image="pzlinux/grpc-job:1",
            cleanup_image="cleanup-grpc:1.1",
        ),
        **changes,
    )


def closed_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(wanted: Settings) -> Iterator[str]:
    """Serves until the block ends; gives the URL of the operations."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(wanted), log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/focus-server"
        finally:
            server.should_exit = True
            thread.join(timeout=10)
