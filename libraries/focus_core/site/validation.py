"""Reads a site file and holds it against the model. Imported only for a file that is not in the cache: see there."""

from inspect import signature
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

import yaml
from pydantic import TypeAdapter, ValidationError

from focus_core.base import yaml_files
from focus_core.base.errors import SiteFileError
from focus_core.site import client_settings
from focus_core.site.model import Part, Site, SiteToStart

P = TypeVar("P", bound=Part)


def validate(path: Path) -> Site | SiteToStart:
    """What the file says. Raises ``SiteFileError`` with one sentence: file, key, value, what is allowed."""
    content = _yaml(path)
    if "start" in content:
        return _validated(SiteToStart, content, path)
    return _validated(Site, _with_client_settings(content, path), path)


def _yaml(path: Path) -> dict[str, Any]:
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
    """Limits and defaults of the client settings file, under what the site file itself says."""
    if not content.get("settings_file"):
        return content
    settings = client_settings.read(path.parent / str(content["settings_file"]))
    merged = {section: settings[section] | (content.get(section) or {}) for section in ("limits", "defaults")}
    return content | merged


def _validated(model: type[P], content: dict[str, Any], path: Path) -> P:
    try:
        return TypeAdapter(model).validate_python(content)
    except ValidationError as error:
        raise SiteFileError(_sentence(error, model, path)) from None


def _sentence(error: ValidationError, model: type[Part], path: Path) -> str:
    problems = error.errors(include_url=False)
    first = problems[0]
    key = ".".join(str(part) for part in first["loc"])
    more = f" ({len(problems) - 1} more problems follow this one)" if len(problems) > 1 else ""
    if first["type"] == "missing":
        return f"Site file {path}: key '{key}' is missing{more}."
    if first["type"] == "unexpected_keyword_argument":
        allowed = ", ".join(_keys_beside(model, first["loc"]))
        return f"Site file {path}: key '{key}' is unknown; allowed here: {allowed}{more}."
    if "password" in key:
        return (
            f"Site file {path}: key '{key}' does not refer to a secret; allowed: {{env: NAME}} or {{file: PATH}}{more}."
        )
    allowed = first["msg"].removeprefix("Value error, ").replace("Input should be ", "")
    return f"Site file {path}: key '{key}' is {first['input']!r}; allowed: {allowed}{more}."


def _keys_beside(model: type[Part], location: tuple[int | str, ...]) -> list[str]:
    """The keys that the model knows at the place where an unknown one stood."""
    for part in location[:-1]:
        kind = get_type_hints(model).get(str(part))
        candidates = [kind, *get_args(kind)]
        model = next((kind for kind in candidates if isinstance(kind, type) and issubclass(kind, Part)), model)
    return list(signature(model).parameters)
