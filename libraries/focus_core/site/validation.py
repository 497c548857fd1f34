"""Reads a site file and holds it against the model. Imported only for a file that is not in the cache: see there."""

from collections.abc import Sequence
from inspect import signature
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints
from urllib.parse import urlsplit

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from focus_core.base import yaml_files
from focus_core.base.errors import SiteFileError
from focus_core.site import client_settings
from focus_core.site.model import SECTIONS, Part, Site, SiteToStart

P = TypeVar("P", bound=Part)


def validate(path: Path) -> Site | SiteToStart:
    """The file's content. Raises ``SiteFileError`` with all its problems: file, and key, value, what is allowed."""
    content = content_of(path)
    if "start" in content:
        return validated(SiteToStart, content, path)
    problems = _missing_sections(content)
    return validated(Site, _completed(_with_client_settings(content, path)), path, problems)


def content_of(path: Path) -> dict[str, Any]:
    """The keys of a site file, not validated. Raises ``SiteFileError``."""
    try:
        content = yaml_files.read(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SiteFileError(f"Site file {path} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise SiteFileError(f"Site file {path}{where} is not YAML: {problem}; correct that line.") from error
    if not isinstance(content, dict):
        raise SiteFileError(f"Site file {path} is not a mapping of keys to values; start from another site's file.")
    return content


def _with_client_settings(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """Limits and defaults of the client settings file, under those of the site file itself."""
    if not content.get("settings_file"):
        return content
    settings = client_settings.read(path.parent / str(content["settings_file"]))
    merged = {section: settings[section] | (content.get(section) or {}) for section in ("limits", "defaults")}
    return content | merged


def _missing_sections(content: dict[str, Any]) -> list[str]:
    """What the file promises and does not describe."""
    named = content.get("capabilities")
    promised = named if isinstance(named, list) else []
    found = [
        f"key '{section}' is missing, which the capability {capability} needs"
        for capability, section in SECTIONS.items()
        if capability in promised and not content.get(section) and section != "focus"
    ]
    cluster = content.get("kubernetes")
    if isinstance(cluster, dict) and cluster.get("access") == "kubectl_over_ssh" and not content.get("node"):
        found.append("key 'node' is missing, which the access kubectl_over_ssh to the cluster needs")
    return found


def _completed(content: dict[str, Any]) -> dict[str, Any]:
    """The content with what follows from it: the capabilities, and where logins go.

    A section that is empty is one that is left out."""
    content = {key: value for key, value in content.items() if value is not None or key not in SECTIONS.values()}
    content.setdefault("capabilities", [name for name, section in SECTIONS.items() if section in content])
    focus = content.get("focus")
    url = focus.get("url") if isinstance(focus, dict) else None
    if "webapp" not in content and isinstance(url, str):
        server = urlsplit(url)
        content["webapp"] = {"url": f"{server.scheme}://{server.netloc}/prisma/api"}
    return content


def validated(model: type[P], content: dict[str, Any], path: Path, problems: Sequence[str] = ()) -> P:
    """The content as that kind of site. Raises ``SiteFileError`` with its problems, after ``problems`` found before."""
    problems = list(problems)
    try:
        found = TypeAdapter(model).validate_python(content, context=path.resolve().parent)
    except ValidationError as error:
        problems += [_problem(one, model) for one in error.errors(include_url=False)]
    if problems:
        raise SiteFileError(f"Site file {path}: {'; '.join(problems)}.")
    return found


def _problem(error: ErrorDetails, model: type[Part]) -> str:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "missing":
        return f"key '{key}' is missing"
    if error["type"] == "unexpected_keyword_argument":
        return f"key '{key}' is unknown, allowed here: {', '.join(_keys_beside(model, error['loc']))}"
    if "password" in key:
        return f"key '{key}' does not refer to a secret, allowed: {{env: NAME}} or {{file: PATH}}"
    allowed = error["msg"].removeprefix("Value error, ").replace("Input should be ", "")
    return f"key '{key}' is {error['input']!r}, allowed: {allowed}"


def _keys_beside(model: type[Part], location: tuple[int | str, ...]) -> list[str]:
    """The keys that the model knows at the place where an unknown one stood."""
    for part in location[:-1]:
        kind = get_type_hints(model).get(str(part))
        candidates = [kind, *get_args(kind)]
        model = next((kind for kind in candidates if isinstance(kind, type) and issubclass(kind, Part)), model)
    return list(signature(model).parameters)
