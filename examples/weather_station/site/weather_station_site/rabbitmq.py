"""Program of the RabbitMQ pod: writes the server's settings and becomes the server."""

import os
from pathlib import Path

from simulator.pods.rabbitmq_environment import broker_environment


def main() -> None:
    server, base = Path(os.environ["RABBITMQ_SERVER"]), Path(os.environ["RABBITMQ_DATA"])
    for name in ("mnesia", "log", "home", "schema"):
        (base / name).mkdir(parents=True, exist_ok=True)
    settings = {
        "listeners.tcp.local": f"127.0.0.1:{os.environ['AMQP_PORT']}",
        "default_user": os.environ["RABBITMQ_USERNAME"],
        "default_pass": os.environ["RABBITMQ_PASSWORD"],
        "log.console": "true",
        "log.file": "false",
        "disk_free_limit.absolute": "50MB",
    }
    path = base / "rabbitmq.conf"
    path.touch(mode=0o600)
    path.write_text("".join(f"{key} = {value}\n" for key, value in settings.items()), encoding="utf-8")
    (base / "enabled_plugins").write_text("[].\n", encoding="utf-8")
    print(f"starting {server} on {os.environ['AMQP_PORT']}", flush=True)
    os.chdir(base)
    os.execve(server, [str(server)], broker_environment(server, base, "weather"))  # noqa: S606 - the pod's process is the broker


if __name__ == "__main__":
    main()
