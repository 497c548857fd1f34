"""The login with which the Focus Server's pod uses MongoDB, as its environment in the cluster has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from focus_core.base.errors import BenchError
from focus_core.site.secrets import register

if TYPE_CHECKING:
    from focus_core.cluster.client import ClusterClient
    from focus_core.site.model import Site

_ADDRESS = re.compile(r"mongodb(\+srv)?://")


@dataclass(frozen=True)
class MongoLogin:
    """Name, password and the database that knows the user; `variable` is where they were found."""

    variable: str
    username: str
    password: str
    auth_source: str


def mongodb_login(site: Site, cluster: ClusterClient) -> MongoLogin:
    """The login in the address of MongoDB that a pod of the Focus Server would be given if it started now.

    A secret or config map that the pod refers to is read as it is now, which may be another than when it started.
    Raises BenchError when no variable of the pod holds an address of MongoDB.
    """
    from pymongo.uri_parser import parse_uri

    for name, value in _environment(cluster, site.workloads.focus_server.selector):
        if _ADDRESS.match(value):
            parsed = parse_uri(value)
            register(parsed["password"] or "")
            options = {key.lower(): option for key, option in parsed["options"].items()}
            source = options.get("authsource") or parsed["database"] or site.mongodb.auth_source
            return MongoLogin(name, parsed["username"] or "", parsed["password"] or "", source)
    raise BenchError(
        f"No environment variable of the Focus Server's pod (selector {site.workloads.focus_server.selector}) holds an "
        "address mongodb://...; look where this site configures it."
    )


def _environment(cluster: ClusterClient, selector: str) -> Iterator[tuple[str, str]]:
    for variable in cluster.environment(selector):
        source = variable.value_from
        if variable.value:
            yield variable.name, variable.value
        elif source and source.secret_key_ref:
            yield variable.name, cluster.secret(source.secret_key_ref.name).get(source.secret_key_ref.key, "")
        elif source and source.config_map_key_ref:
            yield (
                variable.name,
                cluster.config_map(source.config_map_key_ref.name).get(source.config_map_key_ref.key, ""),
            )
