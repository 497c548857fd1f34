"""Tokens of service accounts: signed, with an end, and void as soon as their account or pod is gone."""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import jwt

from simulator.cluster import meta
from simulator.cluster.errors import ApiError, invalid, not_found
from simulator.cluster.resources import POD, SERVICE_ACCOUNT, Kind, Object
from simulator.cluster.store import Store
from simulator.cluster.users import User, service_account

KEY_FILE = "service-account.key"
ISSUER = AUDIENCE = "https://kubernetes.default.svc.cluster.local"
# A pod keeps the token that it was started with; a real kubelet's is good for a year too, and one second more.
POD_TOKEN_S = 365 * 24 * 3600
SHORTEST_S, DEFAULT_S = 600, 3600
TOKEN_REQUEST = Kind("authentication.k8s.io", "v1", "TokenRequest", "tokenrequests")
_CLAIMS = "kubernetes.io"


@dataclass(frozen=True)
class Token:
    """A token and when it ends, in seconds since 1970."""

    text: str
    expires: float


class ServiceAccounts:
    """Issues tokens for the accounts of a store and knows them again, also after a kill of the cluster."""

    def __init__(self, store: Store, key: str) -> None:
        self._store = store
        self._key = key

    def issue(self, account: Object, seconds: float, pod: Object | None = None) -> Token:
        """A new token of an account, bound to a pod when one is given."""
        namespace, name = meta.key_of(account)
        began = time.time()
        claims: Object = {"namespace": namespace, "serviceaccount": {"name": name, "uid": meta.uid_of(account)}}
        if pod is not None:
            claims["pod"] = {"name": meta.name_of(pod), "uid": meta.uid_of(pod)}
        content = {
            "iss": ISSUER,
            "aud": [AUDIENCE],
            "sub": service_account(namespace, name).name,
            "iat": int(began),
            "exp": int(began + seconds),
            "jti": secrets.token_hex(16),
            _CLAIMS: claims,
        }
        return Token(jwt.encode(content, self._key, algorithm="HS256"), began + seconds)

    def answer(self, account: Object, body: Object) -> Object:
        """The answer to a TokenRequest; raises 422 for a time that is too short, 404 for a pod that is not there."""
        asked = {"audiences": [AUDIENCE], "expirationSeconds": DEFAULT_S, "boundObjectRef": None}
        spec = {**asked, **(body.get("spec") or {})}
        seconds, bound = spec["expirationSeconds"], spec["boundObjectRef"]
        if seconds < SHORTEST_S:
            text = f"Invalid value: {seconds}: may not specify a duration less than 10 minutes"
            raise invalid(TOKEN_REQUEST, meta.name_of(account), [("spec.expirationSeconds", text)])
        pod = self._store.get(POD, meta.namespace_of(account), bound["name"]) if bound else None
        if bound and pod is None:
            raise not_found(POD, bound["name"])
        token = self.issue(account, seconds, pod)
        expires = datetime.fromtimestamp(token.expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "kind": TOKEN_REQUEST.name,
            "apiVersion": TOKEN_REQUEST.api_version,
            "metadata": {"name": meta.name_of(account), "namespace": meta.namespace_of(account)},
            "spec": spec,
            "status": {"token": token.text, "expirationTimestamp": expires},
        }

    def token_of_pod(self, pod: Object) -> str:
        """What a pod gets; empty when it or its account wants none."""
        account = self._store.get(SERVICE_ACCOUNT, meta.namespace_of(pod), pod["spec"]["serviceAccountName"])
        if account is None:
            return ""
        wanted = pod["spec"].get("automountServiceAccountToken", account.get("automountServiceAccountToken", True))
        return self.issue(account, POD_TOKEN_S, pod).text if wanted else ""

    def user(self, token: str) -> User | None:
        """The account behind a token, None when it was not issued here; raises 401 when it is good no more."""
        try:
            content = jwt.decode(token, self._key, algorithms=["HS256"], audience=AUDIENCE, issuer=ISSUER)
        except jwt.ExpiredSignatureError as expired:
            raise ApiError(401, "Unauthorized", "Unauthorized") from expired
        except jwt.InvalidTokenError:
            return None
        claims = content[_CLAIMS]
        namespace, account = claims["namespace"], claims["serviceaccount"]
        for kind, bound in ((SERVICE_ACCOUNT, account), (POD, claims.get("pod"))):
            found = self._store.get(kind, namespace, bound["name"]) if bound else None
            if bound and (found is None or meta.uid_of(found) != bound["uid"]):
                raise ApiError(401, "Unauthorized", "Unauthorized")
        return service_account(namespace, account["name"], account["uid"])


def signing_key(path: Path) -> str:
    """The key that signs the tokens of one state directory; made when it is not there."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")
