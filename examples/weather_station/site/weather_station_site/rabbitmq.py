"""Program of the RabbitMQ pod: writes the server's settings and becomes the server."""

import os
from pathlib import Path

from simulator.pods.rabbitmq_files import search_path


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
    os.execve(server, [str(server)], environment(server, base))  # noqa: S606 - the pod's process is the broker


def environment(server: Path, base: Path) -> dict[str, str]:
    """What keeps this broker apart from every other one of the machine, and on the loopback interface."""
    return {
        **os.environ,
        "PATH": search_path(server),
        "HOME": str(base / "home"),
        "RABBITMQ_NODENAME": f"weather{os.environ['AMQP_PORT']}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": os.environ["AMQP_PORT"],
        "RABBITMQ_DIST_PORT": os.environ["DISTRIBUTION_PORT"],
        "ERL_EPMD_PORT": os.environ["EPMD_PORT"],
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_MNESIA_BASE": str(base / "mnesia"),
        "RABBITMQ_LOG_BASE": str(base / "log"),
        "RABBITMQ_CONFIG_FILE": str(base / "rabbitmq"),
        "RABBITMQ_PID_FILE": str(base / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(base / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_GENERATED_CONFIG_DIR": str(base / "schema"),
        "RABBITMQ_SCHEMA_DIR": str(base / "schema"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(base / "advanced.config"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none",
        # Makes the start script exec the virtual machine: the pod's process is then the broker itself.
        "RUNNING_UNDER_SYSTEMD": "true",
        "LANG": "C.UTF-8",
    }


if __name__ == "__main__":
    main()
