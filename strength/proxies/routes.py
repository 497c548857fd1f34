"""Routes through the proxies: one proxy for each interface of a site, by protocol, entered in the site file."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import yaml

from strength.mutants.operations import Operations, of_kubernetes, of_management
from strength.proxies import certificate
from strength.proxies.grpc import StreamProxy
from strength.proxies.http import HttpProxy, Observer, Upstream
from strength.proxies.interceptor import Interceptor
from strength.proxies.mongodb import MongoProxy

# Read by the runner, which imports nothing of this package but its settings.
STREAM_PROXY = "FOCUS_STRENGTH_STREAM_PROXY"


class _Proxy(Protocol):
    def close(self) -> None: ...


@dataclass
class ProxyRoutes:
    """Opens proxies in front of a site and rewrites `site`, the content of its file, to lead through them."""

    folder: Path
    site: dict[str, Any]
    interceptor: Interceptor
    operations: Operations | None
    observer: Observer
    # Environment variables for the process that runs the tests.
    environment: dict[str, str] = field(default_factory=dict)

    def open(self, routes: Mapping[str, str]) -> list[_Proxy]:
        """`routes`: keys of the site file with their protocols. Keys that the site lacks are skipped."""
        trusted = self.site["tls"]["ca_file"]
        self._context, bundle = certificate.server_context(self.folder, Path(trusted) if trusted else None)
        self.site["tls"]["ca_file"] = str(bundle)
        self._bundle, self._trusted = bundle, trusted
        by_protocol: dict[str, Callable[[str], _Proxy]] = {
            "openapi": self._openapi,
            "management": self._management,
            "kubernetes": self._kubernetes,
            "mongodb": self._mongodb,
            "grpc": self._streams,
        }
        return [by_protocol[protocol](key) for key, protocol in routes.items() if value(self.site, key)]

    def _openapi(self, key: str) -> _Proxy:
        return self._http(key, self.operations.find if self.operations else lambda *_: "")

    def _management(self, key: str) -> _Proxy:
        return self._http(key, of_management)

    def _http(self, key: str, name_of: Callable[[str, str], str]) -> _Proxy:
        proxy = self._proxy(value(self.site, key), name_of, self._trusted)
        _set(self.site, key, proxy.url)
        return proxy

    def _proxy(self, url: str, name_of: Callable[[str, str], str], trusted: str | None) -> HttpProxy:
        context = self._context if url.startswith("https") else None
        return HttpProxy(Upstream(url, name_of, context, trusted), self.interceptor, self.observer)

    def _kubernetes(self, key: str) -> _Proxy:
        """Clients reach it through a kubeconfig of its own."""
        config = yaml.safe_load(Path(value(self.site, key)).read_text(encoding="utf-8"))
        cluster = config["clusters"][0]["cluster"]
        trusted = self.folder / "cluster.pem"
        trusted.write_bytes(base64.b64decode(cluster["certificate-authority-data"]))
        proxy = self._proxy(cluster["server"], of_kubernetes, str(trusted))
        cluster["server"] = proxy.url
        cluster["certificate-authority-data"] = base64.b64encode(self._bundle.read_bytes()).decode()
        own = self.folder / "kubeconfig"
        own.touch(mode=0o600)
        own.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
        _set(self.site, key, str(own))
        return proxy

    def _mongodb(self, key: str) -> _Proxy:
        place = value(self.site, key)
        proxy = MongoProxy(place["host"], place["port"], self.interceptor)
        place["port"] = proxy.port
        return proxy

    def _streams(self, _key: str) -> _Proxy:
        """Clients of streams take their addresses from answers, not from the site file: they get an HTTP proxy."""
        proxy = StreamProxy(self.interceptor)
        self.environment[STREAM_PROXY] = f"http://127.0.0.1:{proxy.port}"
        return proxy


def value(site: dict[str, Any], key: str) -> Any:
    """The value of a site file at a dotted key like `focus.url`."""
    for part in key.split("."):
        site = site[part]
    return site


def _set(site: dict[str, Any], key: str, new: Any) -> None:
    *path, last = key.split(".")
    for part in path:
        site = site[part]
    site[last] = new
