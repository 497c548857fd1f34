"""The documents of record (``variables/contract/``), read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from focus_core.base import yaml_files

FOLDER = Path(__file__).resolve().parents[3] / "variables" / "contract"
MESSAGES, COLLECTIONS, PROTO = "messages.yaml", "collections.yaml", "datastream.proto"

Json = dict[str, Any]
# The two programs that speak HTTP.
Service = Literal["focus-server", "webapp"]
SERVICES: tuple[Service, ...] = ("focus-server", "webapp")
# Where the web app's paths begin, as its document has it; who speaks only to the Focus Server need not read that.
WEBAPP_PREFIX = "/prisma/api"


def path_of(service: Service) -> Path:
    """The file of a service's document."""
    return FOLDER / f"{service}.openapi.yaml"


@cache
def document(service: Service) -> Json:
    """The OpenAPI document of a service."""
    found: Json = yaml_files.read(path_of(service))
    return found


@cache
def messages() -> Json:
    """The schemas of the broker's messages and of the frames of streams."""
    found: Json = yaml_files.read(FOLDER / MESSAGES)
    return found


@cache
def collections() -> Json:
    """Documents and indexes of the database, by what the documents are about."""
    found: Json = yaml_files.read(FOLDER / COLLECTIONS)
    return found


def resolved(document: Mapping[str, Any], node: Any) -> Any:
    """A part of a document, or what it refers to."""
    while isinstance(node, Mapping) and "$ref" in node:
        target: Any = document
        for part in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node
