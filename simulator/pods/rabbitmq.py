"""Program of the RabbitMQ pod: writes the server's settings and becomes the server.

Environment of the pod: RABBITMQ_SERVER (the start script), AMQP_PORT, MANAGEMENT_PORT, EPMD_PORT, DISTRIBUTION_PORT,
AMQPS_PORT, METRICS_PORT, TLS_CA, TLS_CERTIFICATE, TLS_KEY (PEM files), TLS_EXPIRED (a PEM file with certificate and
key), RABBITMQ_DATA (a folder with a plain path), RABBITMQ_USERNAME, RABBITMQ_PASSWORD. All listeners are on 127.0.0.1.
"""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path
from typing import NoReturn

from simulator import defects
from simulator.pods.rabbitmq_environment import broker_environment

_TOOLS = ("rabbitmqctl", "rabbitmq-diagnostics", "rabbitmq-plugins", "rabbitmq-queues")


def main() -> NoReturn:
    """Replace this process by the server."""
    server = Path(os.environ["RABBITMQ_SERVER"])
    base = Path(os.environ["RABBITMQ_DATA"])
    if defects.active("broker-forgets-queues"):
        shutil.rmtree(base / "mnesia", ignore_errors=True)
    _write_settings(base)
    environment = broker_environment(server, base, "panda")
    _write_tools(server, environment)
    os.chdir(base)
    print(f"Starting {server} with its data in {base}", flush=True)
    os.execve(server, [str(server)], environment)  # noqa: S606 - the pod's process is the broker


def _write_settings(base: Path) -> None:
    for folder in ("mnesia", "log", "home", "schema"):
        (base / folder).mkdir(parents=True, exist_ok=True)
    # The server reads paths with letters of its own taste only; its data folder has such a path.
    for name in ("TLS_CA", "TLS_CERTIFICATE", "TLS_KEY"):
        expired = name != "TLS_CA" and defects.active("broker-certificate-expired")
        (base / f"{name.lower()}.pem").touch(mode=0o600)
        shutil.copyfile(os.environ["TLS_EXPIRED" if expired else name], base / f"{name.lower()}.pem")
    settings = {
        "listeners.tcp.local": f"127.0.0.1:{os.environ['AMQP_PORT']}",
        "listeners.ssl.local": f"127.0.0.1:{os.environ['AMQPS_PORT']}",
        "ssl_options.cacertfile": base / "tls_ca.pem",
        "ssl_options.certfile": base / "tls_certificate.pem",
        "ssl_options.keyfile": base / "tls_key.pem",
        "ssl_options.versions.1": "tlsv1.3",
        "ssl_options.versions.2": "tlsv1.2",
        "ssl_options.verify": "verify_none",
        "ssl_options.fail_if_no_peer_cert": "false",
        "prometheus.tcp.ip": "127.0.0.1",
        "prometheus.tcp.port": os.environ["METRICS_PORT"],
        "management.tcp.ip": "127.0.0.1",
        "management.tcp.port": os.environ["MANAGEMENT_PORT"],
        "default_user": os.environ["RABBITMQ_USERNAME"],
        "default_pass": os.environ["RABBITMQ_PASSWORD"],
        "default_user_tags.administrator": "true",
        "log.console": "true",
        "log.console.level": "info",
        "log.console.use_colors": "off",
        "log.file": "false",
        "vm_memory_high_watermark.absolute": "1MB" if defects.active("broker-memory-alarm") else "512MB",
        "disk_free_limit.absolute": "50MB",
        "collect_statistics_interval": "1000",
    }
    path = base / "rabbitmq.conf"
    path.touch(mode=0o600)
    path.write_text("".join(f"{key} = {value}\n" for key, value in settings.items()), encoding="utf-8")
    plugins = (
        ["rabbitmq_prometheus"]
        if defects.active("management-missing")
        else ["rabbitmq_management", "rabbitmq_prometheus"]
    )
    (base / "enabled_plugins").write_text(f"[{', '.join(plugins)}].\n", encoding="utf-8")


def _write_tools(server: Path, environment: dict[str, str]) -> None:
    """Put the broker's own commands where `kubectl exec` finds them, with the variables that they need."""
    folder = Path(os.environ["POD_DIR"]) / "bin"
    folder.mkdir(exist_ok=True)
    names = ("PATH", "HOME", "RABBITMQ_NODENAME", "RABBITMQ_CONF_ENV_FILE", "ERL_EPMD_PORT", "LANG")
    exports = "".join(f"export {name}={shlex.quote(environment[name])}\n" for name in names)
    for tool in _TOOLS:
        path = folder / tool
        path.write_text(f'#!/bin/sh\n{exports}exec {shlex.quote(str(server.with_name(tool)))} "$@"\n', encoding="utf-8")
        path.chmod(0o755)


if __name__ == "__main__":
    main()
