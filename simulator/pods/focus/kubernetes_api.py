"""The few calls to the Kubernetes API that the Focus Server needs, over plain HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

import aiohttp

Object = dict[str, Any]

_CALL_TIMEOUT_S = 4.0


class KubernetesDownError(Exception):
    """The API server cannot be reached, or did not do what it was asked."""


class KubernetesApi:
    """Client of one namespace; paths are relative to it: ``jobs``, ``services/NAME`` with their API group in front."""

    def __init__(self, url: str, namespace: str, token: str = "") -> None:
        self._url = url
        self._namespace = namespace
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            base_url=self._url,
            headers=self._headers,
            timeout=aiohttp.ClientTimeout(total=_CALL_TIMEOUT_S),
            raise_for_status=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def ready(self, timeout_s: float) -> bool:
        """Return whether the API server is ready."""
        try:
            async with self._open().get("/readyz", timeout=aiohttp.ClientTimeout(total=timeout_s)) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def get(self, group: str, path: str) -> Object | None:
        """Return an object or a list; None when there is none of that name."""
        status, body = await self._call("GET", group, path)
        return None if status == 404 else body

    async def create(self, group: str, kind: str, body: Object) -> Object:
        """Create an object and return it as stored. Raises KubernetesDownError, also when the name is taken."""
        _, created = await self._call("POST", group, kind, body)
        return created

    async def merge(self, group: str, path: str, patch: Object) -> Object | None:
        """Merge a patch into an object and return it; None when there is none of that name."""
        status, body = await self._call("PATCH", group, path, patch, "application/merge-patch+json")
        return None if status == 404 else body

    async def delete(self, group: str, path: str) -> bool:
        """Delete an object and, in the background, what it owns; False when there was none."""
        options = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}
        status, _ = await self._call("DELETE", group, path, options)
        return status != 404

    async def watch(self, group: str, kind: str, selector: str, version: str) -> AsyncIterator[Object]:
        """Yield watch events from a resource version on, until the server ends the watch."""
        query = {"watch": "true", "labelSelector": selector, "resourceVersion": version}
        forever = aiohttp.ClientTimeout(total=None, connect=_CALL_TIMEOUT_S)
        try:
            async with self._open().get(
                self._path(group, kind), params=query, timeout=forever, read_bufsize=1 << 20
            ) as answer:
                if answer.status != 200:
                    raise KubernetesDownError(f"watch of {kind} answered {answer.status}")
                async for line in answer.content:
                    yield json.loads(line)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:  # ValueError: a line cut short
            raise KubernetesDownError(f"watch of {kind} ended: {error}") from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise KubernetesDownError("the client is not open")
        return self._session

    def _path(self, group: str, path: str) -> str:
        return f"/{group}/namespaces/{self._namespace}/{path}"

    async def _call(
        self, method: str, group: str, path: str, body: Object | None = None, media: str = "application/json"
    ) -> tuple[int, Object]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": media}
        try:
            async with self._open().request(method, self._path(group, path), data=data, headers=headers) as answer:
                content = json.loads(await answer.read())
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise KubernetesDownError(f"{method} {path}: {error or type(error).__name__}") from error
        if (status >= 400 and status != 404) or (status == 404 and method == "POST"):
            raise KubernetesDownError(f"{method} {path} answered {status}")
        return status, content
