"""The few requests to the Kubernetes API that the site's own start and switching need."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from simulator.layout.kubeconfigs import admin_token
from simulator.layout.manifests import Layout, Manifest

# Never through a proxy: everything is on the loopback interface.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get_json(url: str, timeout: float = 2.0, headers: dict[str, str] | None = None) -> Any:
    """Return the JSON body of a GET; OSError when nothing answers or the status is an error."""
    request = urllib.request.Request(url, headers=headers or {})  # noqa: S310 - a loopback address of our own
    with _opener.open(request, timeout=timeout) as answer:
        body = answer.read()
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def create(layout: Layout, path: str, manifest: Manifest) -> None:
    """Create one object at the API server."""
    change(layout, "POST", path, manifest)


def change(layout: Layout, method: str, path: str, body: Manifest | None = None, media: str = "json") -> None:
    """Send one change to the API server; RuntimeError when it refuses."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{layout.ports.kubernetes}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": f"application/{media}", **_authorization(layout)},
        method=method,
    )
    try:
        _opener.open(request, timeout=10).close()
    except urllib.error.HTTPError as refused:
        answer = refused.read().decode("utf-8", "replace")
        raise RuntimeError(f"{method} {path} refused: {answer}") from refused


def listed(layout: Layout, path: str) -> list[Manifest]:
    """Return the objects of a collection of the API server; OSError when it does not answer."""
    url = f"http://127.0.0.1:{layout.ports.kubernetes}{path}"
    objects: list[Manifest] = get_json(url, headers=_authorization(layout))["items"]
    return objects


def _authorization(layout: Layout) -> dict[str, str]:
    return {"Authorization": f"Bearer {admin_token(layout.state)}"}
