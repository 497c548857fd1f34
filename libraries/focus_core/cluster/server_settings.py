"""What the Focus Server is told by the cluster's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from focus_core.base.errors import BenchError
from focus_core.cluster.client import ClusterClient

if TYPE_CHECKING:
    from focus_core.site.model import Site

_CONFIG_MAP = "prisma-config"
_PATH = "storage_mount_path"


def storage_path(site: Site) -> str:
    """Where the Focus Server looks for recordings (``Focus.storage_mount_path``, site contract 3.1).

    Raises ``AssertionError`` when the configuration does not say it, ``BenchError`` when it cannot be read.
    """
    import yaml
    from kubernetes.client.exceptions import ApiException
    from urllib3.exceptions import HTTPError

    try:
        found = ClusterClient.of_site(site).core.read_namespaced_config_map(_CONFIG_MAP, site.kubernetes.namespace)
    except (ApiException, HTTPError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        raise BenchError(
            f"ConfigMap {_CONFIG_MAP} cannot be read ({reason}); check kubernetes of the site file."
        ) from error
    for text in (found.data or {}).values():
        content = yaml.safe_load(text)
        focus = content.get("Focus") if isinstance(content, dict) else None
        if isinstance(focus, dict) and focus.get(_PATH):
            return str(focus[_PATH])
    raise AssertionError(f"ConfigMap {_CONFIG_MAP} does not say Focus.{_PATH}.")
