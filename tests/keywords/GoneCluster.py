"""Sites whose cluster cannot be reached, one for each way to a cluster; for tests of what a tester then reads."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path
from typing import Any, Literal

import yaml
from focus_core.site import loader as site_loader
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

CONTEXT = "panda-cluster"


@library(scope="SUITE", auto_keywords=False)
class GoneCluster:
    """Writes site files that lead to a port on which nothing listens."""

    def __init__(self) -> None:
        # Removed when the library's process ends: the listener still writes there after the suite's teardown.
        self._folders: list[tempfile.TemporaryDirectory[str]] = []

    @keyword
    def choose_a_site_without_cluster(self, access: Literal["direct", "kubectl_over_ssh"]) -> None:
        """Chooses a site whose cluster, or whose node, is not there."""
        self._folders.append(tempfile.TemporaryDirectory(prefix="focus-keywords-", ignore_cleanup_errors=True))
        folder = Path(self._folders[-1].name)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        (folder / "kubeconfig").write_text(yaml.safe_dump(_kubeconfig(port)), encoding="utf-8")
        secret = folder / "password"
        secret.touch(mode=0o600)
        secret.write_text("secret", encoding="utf-8")
        content = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))
        cluster = {"namespace": "panda", "access": access}
        if access == "direct":
            cluster |= {"kubeconfig": str(folder / "kubeconfig"), "context": CONTEXT}
        content |= {
            "name": f"gone-{access}",
            "state_dir": str(folder),
            "kubernetes": cluster,
            "node": {"host": "127.0.0.1", "port": port, "username": "operator", "password": {"file": str(secret)}},
            "capabilities": ["kubernetes"],
            "reserve": None,
        }
        path = folder / "site.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        BuiltIn().set_suite_variable("${SITE}", str(path))


def _kubeconfig(port: int) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": f"https://127.0.0.1:{port}"}}],
        "users": [{"name": "u", "user": {"token": "t"}}],
        "contexts": [{"name": CONTEXT, "context": {"cluster": "c", "user": "u"}}],
    }
