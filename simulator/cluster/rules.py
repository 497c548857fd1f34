"""Rules about single values as data: where a value stands, and what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from simulator.cluster.quantities import quantity
from simulator.cluster.resources import Object

Causes = list[tuple[str, str]]
"""(field, what is wrong) pairs, the text in the words of the API server."""
Check = Callable[[Any], str]
"""What is wrong with a value, empty when nothing is."""

_LABEL = re.compile(r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
_SUBDOMAIN = re.compile(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")


def violated(obj: Object, rules: Mapping[str, Check], under: str = "") -> Causes:
    """The violated ones of rules whose paths, such as `spec.ports[].port`, begin below the path `under`."""
    found = []
    for path, check in rules.items():
        for place, value in values_at(obj, f"{under}.{path}" if under else path):
            if text := check(value):
                found.append((place, text))
    return found


def values_at(obj: Any, path: str, where: str = "") -> Iterator[tuple[str, Any]]:
    """The values at a path, each with its own place; what is not there is left out."""
    head, _, rest = path.partition(".")
    name = head.removesuffix("[]")
    value = obj.get(name)
    where = f"{where}.{name}" if where else name
    found = (
        [(where, value)] if name == head else [(f"{where}[{number}]", one) for number, one in enumerate(value or [])]
    )
    for place, one in found:
        if one is not None and rest:
            yield from values_at(one, rest, place)
        elif one is not None:
            yield place, one


def shown(value: Any) -> str:
    """A value in a message."""
    return json.dumps(value)


def one_of(*known: str) -> Check:
    """One of these values."""

    def check(value: Any) -> str:
        listed = ", ".join(map(shown, known))
        return "" if value in known else f"Unsupported value: {shown(value)}: supported values: {listed}"

    return check


def forbidden(why: str) -> Check:
    """Nothing at all."""
    return lambda value: f"Forbidden: {why}" if value else ""


def filled(value: Collection[Any]) -> str:
    """At least one element."""
    return "" if value else "Required value"


def at_most(most: int) -> Check:
    """No more elements than this."""

    def check(value: Collection[Any]) -> str:
        return f"Too many: {len(value)}: must have at most {most} items" if len(value) > most else ""

    return check


def not_negative(value: int) -> str:
    """Zero or more."""
    return "" if value >= 0 else f"Invalid value: {value}: must be greater than or equal to 0"


def port(value: int | str) -> str:
    """A number of a port, or a name."""
    good = isinstance(value, str) or 0 < value < 65536
    return "" if good else f"Invalid value: {value}: must be between 1 and 65535, inclusive"


def file_mode(value: int) -> str:
    """The mode of a file."""
    text = "must be a number between 0 and 0777 (octal), both inclusive"
    return "" if 0 <= value <= 0o777 else f"Invalid value: {value}: {text}"


def inside(value: str) -> str:
    """A path that does not lead upwards."""
    return "Required value: a path without '..'" if ".." in PurePosixPath(value).parts else ""


def amount(value: Any) -> str:
    """A quantity greater than zero."""
    try:
        return "" if quantity(value) > 0 else f'Invalid value: "{value}": must be greater than zero'
    except ValueError as error:
        return f"Invalid value: {error}"


def label(value: str) -> str:
    """A name without dots."""
    return "" if _LABEL.match(value) else _no_name(value, "'-'")


def subdomain(value: str) -> str:
    """A name, with dots."""
    return "" if _SUBDOMAIN.match(value) and len(value) <= 253 else _no_name(value, "'-' or '.'")


def path_segment(value: str) -> str:
    """A name that may hold everything but what ends it in a path."""
    return f"Invalid value: \"{value}\": may not contain '/' or '%'" if "/" in value or "%" in value else ""


def _no_name(value: str, others: str) -> str:
    text = f"a lowercase RFC 1123 name must consist of lower case letters, digits, {others}, and start and end with"
    return f'Invalid value: "{value}": {text} a letter or digit'
