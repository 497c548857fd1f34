"""Who may use the site's Kubernetes API, and the kubeconfigs that clients read.

There are two users: ``admin`` may do everything, ``viewer`` may read. Their bearer tokens stand in ``secrets``, and in
the token file that the API server reads.
"""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

import yaml

from simulator.layout import certificates
from simulator.layout.manifests import CONTEXT, NAMESPACE, Layout
from simulator.layout.state import StateDir, write_atomically

ADMIN, VIEWER = "admin", "viewer"


def write_access(layout: Layout) -> None:
    """Write what is missing of the tokens, then the API server's token file and both kubeconfigs."""
    state = layout.state
    users = [{"token": _token(state, role), "user": role, "role": role} for role in (ADMIN, VIEWER)]
    write_atomically(tokens_file(state), json.dumps(users))
    write_atomically(state.kubeconfig, _kubeconfig(layout, ADMIN))
    write_atomically(state.viewer_kubeconfig, _kubeconfig(layout, VIEWER))


def admin_token(state: StateDir) -> str:
    """Return the bearer token of the user who may do everything."""
    return _token(state, ADMIN)


def tokens_file(state: StateDir) -> Path:
    """Return the path of the token file: a list of {"token", "user", "role"}."""
    return state.secrets / "kubernetes-tokens.json"


def _token(state: StateDir, role: str) -> str:
    path = state.secrets / f"kubernetes-{role}"
    if not path.exists():
        write_atomically(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8").strip()


def _kubeconfig(layout: Layout, user: str) -> str:
    """Return a kubeconfig with the namespace preset. The authority stands in it: it can be copied elsewhere."""
    authority = certificates.ca_file(layout.state.root).read_bytes()
    cluster = {
        "server": f"https://127.0.0.1:{layout.ports.kubernetes_tls}",
        "certificate-authority-data": base64.b64encode(authority).decode(),
    }
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": CONTEXT, "cluster": cluster}],
        "users": [{"name": user, "user": {"token": _token(layout.state, user)}}],
        "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": user, "namespace": NAMESPACE}}],
        "current-context": CONTEXT,
    }
    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True)
