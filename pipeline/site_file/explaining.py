"""Every setting of a site: its value, where that comes from, what it is without the file, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from focus_core.base import yaml_files
from focus_core.site import client_settings
from focus_core.site.model import Absent, Part, SecretRef, Site

MEANINGS = Path(__file__).with_name("meanings.yaml")
NONE = "-"


@dataclass(frozen=True)
class Setting:
    """`source`: site file, client settings, or default; `default` is `-` where there is none."""

    key: str
    value: str
    source: str
    default: str
    meaning: str


def settings(site: Site, file: Path) -> list[Setting]:
    """All settings of a valid site, in the order of the model."""
    content = yaml_files.read(file)
    named = content.get("settings_file")
    from_client = client_settings.read(file.parent / str(named)) if named else {}
    return list(_of_part(site, "", content, from_client))


def _of_part(part: Part, prefix: str, content: Any, from_client: Any) -> Iterator[Setting]:
    for one in fields(part):  # type: ignore[arg-type]  # Part makes a dataclass of every heir
        value = vars(part)[one.name]
        key = f"{prefix}{one.name}"
        written, client = _inside(content, one.name), _inside(from_client, one.name)
        if isinstance(value, Absent):
            yield Setting(key, "not there", "default", NONE, meaning(type(part), one.name))
        elif isinstance(value, Part) and not isinstance(value, SecretRef):
            yield from _of_part(value, f"{key}.", written, client)
        else:
            source = "site file" if written is not None else "client settings" if client is not None else "default"
            yield Setting(key, shown(value), source, _default(one), meaning(type(part), one.name))


def _inside(content: Any, name: str) -> Any:
    return content.get(name) if isinstance(content, Mapping) else None


def _default(one: Field[Any]) -> str:
    if one.default is not MISSING:
        return shown(one.default)
    return shown(one.default_factory()) if one.default_factory is not MISSING else NONE


def shown(value: Any) -> str:
    """A value in one line; of a secret only where it stands."""
    if isinstance(value, SecretRef):
        return f"{{env: {value.env}}}" if value.env else f"{{file: {value.file}}}"
    if isinstance(value, Part):
        return f"{{{', '.join(f'{name}: {shown(one)}' for name, one in vars(value).items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def meaning(part: type[Part], name: str) -> str:
    """What a setting means: of the class that holds it, else of what it consists of."""
    own = _meanings().get(part.__name__, {})
    return str(own.get(name, ""))


def parts(root: type[Part] = Site) -> dict[str, type[Part]]:
    """Every kind of part that a site file may have, by its name."""
    found = {root.__name__: root}
    for hint in get_type_hints(root).values():
        for kind in _kinds(hint):
            if kind.__name__ not in found:
                found |= parts(kind)
    return found


def _kinds(hint: Any) -> Iterator[type[Part]]:
    if isinstance(hint, type) and issubclass(hint, Part):
        yield hint
    for inner in getattr(hint, "__args__", ()):
        yield from _kinds(inner)


@cache
def _meanings() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(MEANINGS.read_text(encoding="utf-8"))
    return found
