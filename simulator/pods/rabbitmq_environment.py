"""What keeps a RabbitMQ server apart from every other one of the machine, and on the loopback interface."""

from __future__ import annotations

import os
from pathlib import Path

from simulator.pods.rabbitmq_files import search_path


def broker_environment(server: Path, base: Path, name: str) -> dict[str, str]:
    """The variables of a server whose start script is ``server`` and whose data lie in ``base``.

    From the pod's environment come AMQP_PORT, DISTRIBUTION_PORT and EPMD_PORT. All listeners are on 127.0.0.1.
    """
    # A node name of its own per port keeps sites side by side apart in the port mapper's eyes too.
    return {
        **os.environ,
        "PATH": search_path(server),
        "HOME": str(base / "home"),
        "RABBITMQ_NODENAME": f"{name}{os.environ['AMQP_PORT']}@localhost",
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
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} "
        "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none",
        # Makes the start script exec the virtual machine: the pod's process is then the broker itself.
        "RUNNING_UNDER_SYSTEMD": "true",
        # Broken locales of a host make Erlang warn in the pod's log.
        "LANG": "C.UTF-8",
    }
