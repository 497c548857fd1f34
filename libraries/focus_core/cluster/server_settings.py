"""The Focus Server's settings in the cluster's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from focus_core.cluster.client import ClusterClient

if TYPE_CHECKING:
    from focus_core.site.model import Site

_CONFIG_MAP = "prisma-config"
_PATH = "storage_mount_path"


def storage_path(site: Site) -> str:
    """Where the Focus Server looks for recordings (``Focus.storage_mount_path``, site contract 3.1).

    Raises ``AssertionError`` when the configuration lacks it, ``BenchError`` when it cannot be read.
    """
    import yaml

    for text in ClusterClient.of_site(site).config_map(_CONFIG_MAP).values():
        content = yaml.safe_load(text)
        focus = content.get("Focus") if isinstance(content, dict) else None
        if isinstance(focus, dict) and focus.get(_PATH):
            return str(focus[_PATH])
    raise AssertionError(f"ConfigMap {_CONFIG_MAP} has no Focus.{_PATH}.")
