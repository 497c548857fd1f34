"""The doors of a site, by what is spoken there: each gets a proxy, and the site file a way through it."""

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
from strength.proxies.http import Door, HttpProxy, Watch
from strength.proxies.interceptor import Tap
from strength.proxies.mongodb import MongoProxy

# Read by the runner, which imports nothing of this package.
STREAM_PROXY = "FOCUS_STRENGTH_STREAM_PROXY"


class _Proxy(Protocol):
    def close(self) -> None: ...


@dataclass
class Doors:
    """Opens proxies in front of a site, and changes `site`, the content of its file, so that it leads through them."""

    folder: Path
    site: dict[str, Any]
    tap: Tap
    operations: Operations | None
    watch: Watch
    # What the process that runs the tests has to be told besides.
    environment: dict[str, str] = field(default_factory=dict)

    def open(self, doors: Mapping[str, str]) -> list[_Proxy]:
        """`doors`: keys of the site file and what is spoken there. What the site does not have is left out."""
        trusted = self.site["tls"]["ca_file"]
        self._context, bundle = certificate.server_context(self.folder, Path(trusted) if trusted else None)
        self.site["tls"]["ca_file"] = str(bundle)
        self._bundle, self._trusted = bundle, trusted
        known: dict[str, Callable[[str], _Proxy]] = {
            "openapi": self._openapi,
            "management": self._management,
            "kubernetes": self._kubernetes,
            "mongodb": self._mongodb,
            "grpc": self._streams,
        }
        return [known[spoken](key) for key, spoken in doors.items() if value(self.site, key)]

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
        return HttpProxy(Door(url, name_of, context, trusted), self.tap, self.watch)

    def _kubernetes(self, key: str) -> _Proxy:
        """Through a kubeconfig of its own."""
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
        proxy = MongoProxy(place["host"], place["port"], self.tap)
        place["port"] = proxy.port
        return proxy

    def _streams(self, _key: str) -> _Proxy:
        """The clients of streams learn their addresses from answers: they get an HTTP proxy instead."""
        proxy = StreamProxy(self.tap)
        self.environment[STREAM_PROXY] = f"http://127.0.0.1:{proxy.port}"
        return proxy


def value(site: dict[str, Any], key: str) -> Any:
    """What stands in a site file at a key like `focus.url`."""
    for part in key.split("."):
        site = site[part]
    return site


def _set(site: dict[str, Any], key: str, new: Any) -> None:
    *path, last = key.split(".")
    for part in path:
        site = site[part]
    site[last] = new
