"""Settings of the Focus Server's pod, from its environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Settings:
    """Addresses, limits and names of one Focus Server.

    Ports are TCP ports on the loopback address; the port of slot s is ``stream_base_port + s``.
    ``time_scale`` multiplies the site's own timers (1.0 = as on a real site).
    """

    port: int
    kubernetes_api: str
    namespace: str
    mongodb_uri: str
    mongodb_database: str
    storage_path: str
    rabbitmq_url: str
    rabbitmq_management_url: str
    rabbitmq_secret: str
    token_key: str
    stream_base_port: int
    stream_host: str
    max_windows: int
    capacity: int
    highest_channel: int
    time_scale: float
    version: str
    job_image: str
    cleanup_image: str
    kubernetes_token: str = ""

    @property
    def broker_host(self) -> str:
        """Host of the message broker, without user and password."""
        return urlsplit(self.rabbitmq_url).hostname or "127.0.0.1"

    @property
    def broker_port(self) -> int:
        """AMQP port of the message broker."""
        return urlsplit(self.rabbitmq_url).port or 5672

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the pod's environment. Raises KeyError naming the first variable that is missing."""
        env = os.environ
        return cls(
            port=int(env["PORT"]),
            kubernetes_api=env["KUBERNETES_API"],
            namespace=env["POD_NAMESPACE"],
            mongodb_uri=env["MONGODB_URI"],
            mongodb_database=env.get("MONGODB_DATABASE", "prisma"),
            storage_path=env.get("STORAGE_MOUNT_PATH", "/prisma/root/recordings"),
            rabbitmq_url=env["RABBITMQ_URL"],
            rabbitmq_management_url=env["RABBITMQ_MANAGEMENT_URL"],
            rabbitmq_secret=env.get("RABBITMQ_SECRET", "rabbitmq-panda"),
            token_key=env["TOKEN_KEY"],
            stream_base_port=int(env["STREAM_BASE_PORT"]),
            stream_host=env.get("STREAM_HOST", "127.0.0.1"),
            max_windows=int(env.get("MAX_WINDOWS", "30")),
            capacity=int(env.get("CAPACITY", "200")),
            highest_channel=int(env.get("HIGHEST_CHANNEL", "2222")),
            time_scale=float(env.get("TIME_SCALE", "1")),
            version=env.get("SITE_VERSION", "unknown"),
            job_image=env["JOB_IMAGE"],
            cleanup_image=env["CLEANUP_IMAGE"],
            kubernetes_token=env.get("KUBERNETES_TOKEN", ""),
        )
