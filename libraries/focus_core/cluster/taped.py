"""Calls of the official Kubernetes client, recorded and played back."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from focus_core.base import tape
from focus_core.cluster.kubectl import KubectlAnswer
from focus_core.node.shell import Ended

# How commands in pods are recorded and played back.
COMMANDS: tape.Door[Ended] = tape.Door("exec", asdict, lambda kept: Ended(**kept))
_HIDDEN = base64.b64encode(b"<secret>").decode()


class TapedRest:
    """In the place of the official client's connection: each request goes through the tape."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def request(self, method: str, url: str, **options: Any) -> Any:
        """The answer, as ``urllib3`` or kubectl gives it."""
        if _is_endless(url):
            return self._connection.request(method, url, **options)

        def ask() -> Any:
            answer = self._connection.request(method, url, **options)
            # Whoever asks for the raw answer reads its body later: it has to be there when the test has failed.
            answer.read()
            return answer

        # Without the server: a replay has another one.
        target = urlsplit(url)._replace(scheme="", netloc="").geturl()
        return tape.through(KUBERNETES, f"{method} {target}", ask, {"body": options.get("body")})


def _is_endless(url: str) -> bool:
    """Whether the answer is read as it comes, for as long as the caller likes: that is not recorded."""
    asked = url.partition("?")[2].lower()
    return "follow=true" in asked or ("watch=true" in asked and "timeoutseconds=" not in asked)


def _encode(answer: Any) -> dict[str, Any]:
    kind = next((value for name, value in answer.headers.items() if name.lower() == "content-type"), "")
    text = answer.read().decode("utf-8", "replace")
    return {"status": answer.status, "reason": answer.reason, "type": kind, "text": _without_secrets(text)}


def _decode(kept: dict[str, Any]) -> KubectlAnswer:
    return KubectlAnswer(kept["status"], kept["reason"], kept["text"].encode(), {"content-type": kept["type"]})


def _without_secrets(text: str) -> str:
    """What a Secret of the cluster holds is nobody's business."""
    if '"Secret' not in text:
        return text
    try:
        content = json.loads(text)
    except ValueError:
        return text
    for item in content.get("items", [content]) if isinstance(content, dict) else []:
        if content.get("kind") in ("Secret", "SecretList") and isinstance(item.get("data"), dict):
            item["data"] = dict.fromkeys(item["data"], _HIDDEN)
            item.pop("stringData", None)
    return json.dumps(content)


def _error(name: str, text: str) -> Exception:
    from urllib3 import exceptions

    kind = getattr(exceptions, name, None)
    if not (isinstance(kind, type) and issubclass(kind, exceptions.HTTPError)):
        return tape.own_error(name, text)
    # Their constructors want what a recording does not have; who catches them looks at their class.
    error = kind.__new__(kind)
    error.args = (text,)
    return error


# How answers of the Kubernetes API are recorded and played back.
KUBERNETES: tape.Door[Any] = tape.Door(
    "kubernetes", _encode, _decode, lambda answer: len(answer.read() or b""), error=_error
)
