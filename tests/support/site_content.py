"""The content of a site file for a site of which only one loopback port exists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from focus_core.site import loader as site_loader


def site_content(port: int, folder: Path, **policy: Any) -> dict[str, Any]:
    """The staging site with every address at one port of the loopback address."""
    content: dict[str, Any] = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))
    (folder / "secret").write_text("not-secret", encoding="utf-8")
    (folder / "secret").chmod(0o600)
    (folder / "kubeconfig").write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "here", "cluster": {"server": f"http://127.0.0.1:{port}"}}],
                "users": [{"name": "me", "user": {}}],
                "contexts": [{"name": "here", "context": {"cluster": "here", "user": "me"}}],
                "current-context": "here",
            }
        ),
        encoding="utf-8",
    )
    secret = {"file": str(folder / "secret")}
    content["state_dir"] = str(folder / "state")
    content["focus"]["url"] = f"http://127.0.0.1:{port}/focus-server"
    content["webapp"]["url"] = f"http://127.0.0.1:{port}/prisma/api"
    content["mongodb"] |= {"host": "127.0.0.1", "port": port, "password": secret}
    content["rabbitmq"] |= {
        "host": "127.0.0.1",
        "port": port,
        "management_url": f"http://127.0.0.1:{port}",
        "password": secret,
    }
    content["kubernetes"] |= {"kubeconfig": str(folder / "kubeconfig"), "context": "here"}
    content["node"] |= {"host": "127.0.0.1", "port": port, "password": secret}
    content["users"] = [{"username": "one", "password": secret, "role": "admin"}]
    content["policy"] = policy
    content["reserve"] = None
    return content
