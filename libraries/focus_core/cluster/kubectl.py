"""kubectl on the SSH node, in the place of the HTTP connection of the official Kubernetes client.

Whoever asks the client is answered by the same objects, whichever way a site offers: only the transport differs.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from focus_core.base.errors import BenchError
from focus_core.node.shell import Ended, shell_of

if TYPE_CHECKING:
    from focus_core.site.model import Site

# The official client wants an address in front of each path; kubectl knows its own.
HOST = "http://kubectl"
# kubectl gives up by itself; the node needs a moment more to report it.
GRACE_S = 5.0

# kubectl sends what it is given to a path of the API, except patches: these it makes itself.
_RAW = {"GET": "get", "POST": "create", "PUT": "replace", "DELETE": "delete"}
_PATCHED = re.compile(
    r"/apis?(?:/(?P<group>[^/]+))?/(?P<version>v[^/]+)/namespaces/(?P<namespace>[^/]+)"
    r"/(?P<kind>[^/]+)/(?P<name>[^/?]+)(?:/(?P<part>[^/?]+))?"
)
_REFUSED = re.compile(r"\((?P<reason>[A-Z][A-Za-z]+)\)")
_STATUSES = {
    "BadRequest": 400,
    "Unauthorized": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "AlreadyExists": 409,
    "Conflict": 409,
    "Invalid": 422,
    "TooManyRequests": 429,
    "InternalError": 500,
    "ServiceUnavailable": 503,
}
_COMMAND_ENDED = re.compile(r"\s*command terminated with exit code \d+\s*$")


@dataclass
class KubectlAnswer:
    """An answer as the official client reads it from urllib3."""

    status: int
    reason: str
    data: bytes
    headers: dict[str, str]

    @property
    def response(self) -> KubectlAnswer:
        """What is returned to whoever reads the body of an answer himself."""
        return self

    def read(self) -> bytes:
        """The body."""
        return self.data


class Kubectl:
    """Runs kubectl on the node of a site. ``request`` is what the official client calls."""

    def __init__(self, site: Site) -> None:
        self._command = site.kubernetes.kubectl
        self._node = site.node.host
        self._shell = shell_of(site)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,  # noqa: ARG002 - kubectl sends its own
        body: Any = None,
        post_params: Any = None,  # noqa: ARG002 - Kubernetes has no forms
        _request_timeout: float = 15,
    ) -> KubectlAnswer:
        """The answer of the API to one request; one that it refuses has the status that belongs to kubectl's reason.

        Raises ``BenchError`` when the node, or the cluster from there, cannot be reached.
        """
        path = url.removeprefix(HOST)
        text = "" if body is None else json.dumps(body)
        if method == "PATCH":
            arguments = [*_patch(path, body), "--patch", text, "--output", "json"]
        else:
            arguments = [_RAW[method], "--raw", path, *([] if method == "GET" else ["--filename", "-"])]
        ended = self._run(arguments, "" if method == "PATCH" else text, _request_timeout)
        if ended.code:
            return self._refusal(ended)
        kind = "text/plain" if path.partition("?")[0].endswith("/log") else "application/json"
        return KubectlAnswer(200, "OK", ended.output.encode(), {"content-type": kind})

    def run_in_pod(self, namespace: str, pod: str, command: list[str], *, container: str, timeout: float) -> Ended:
        """How a command in a container ended.

        Raises ``BenchError`` when it could not be started.
        """
        arguments = ["exec", pod, "--namespace", namespace, *(["--container", container] if container else [])]
        ended = self._run([*arguments, "--", *command], "", timeout)
        if not ended.code:
            return ended
        errors, of_the_command = _COMMAND_ENDED.subn("", ended.errors)
        if not of_the_command:
            raise BenchError(f"The command {shlex.join(command)} could not be run in pod {pod}: {ended.errors}.")
        return Ended(ended.code, ended.output, errors)

    def _run(self, arguments: list[str], stdin: str, timeout: float) -> Ended:
        command = f"{self._command} --request-timeout={timeout:g}s {shlex.join(arguments)}"
        return self._shell.execute(command, stdin=stdin, timeout=timeout + GRACE_S)

    def _refusal(self, ended: Ended) -> KubectlAnswer:
        message = " ".join(ended.errors.split()) or "it printed nothing"
        status = refusal_status(message)
        if status is None:
            raise BenchError(
                f"'{self._command}' on the node {self._node} cannot ask the cluster: {message[:300]}; check that it "
                "works there for the user of node.* of the site file, and that kubernetes.kubectl is right."
            )
        status_object = {"kind": "Status", "message": message, "code": status}
        return KubectlAnswer(status, message, json.dumps(status_object).encode(), {"content-type": "application/json"})


def refusal_status(complaint: str) -> int | None:
    """The status of the API that belongs to what kubectl complains about; None where the API has not answered."""
    found = _REFUSED.search(complaint)
    return _STATUSES.get(found["reason"]) if found else None


def _patch(path: str, body: Any) -> list[str]:
    found = _PATCHED.fullmatch(path.partition("?")[0])
    if not found:
        raise BenchError(f"{path} is not the address of one object of a namespace; nothing else is patched here.")
    kind = ".".join([found["kind"], found["version"], found["group"]] if found["group"] else [found["kind"]])
    arguments = ["patch", kind, found["name"], "--namespace", found["namespace"]]
    arguments += ["--type", "json" if isinstance(body, list) else "strategic"]
    return arguments + (["--subresource", found["part"]] if found["part"] else [])
