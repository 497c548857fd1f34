"""From a site's name to the validated site. ``python -m focus_core.site_loader NAME`` checks a site file."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from focus_core import client_settings, secrets, start_site
from focus_core.errors import BenchError, SiteFileError
from focus_core.site_model import SecretRef, Site, SiteToStart

SITES = Path(__file__).resolve().parents[2] / "variables" / "sites"
DEFAULT_SITE = "simulated"
# Robot Framework's meaning of "bad data or options".
EXIT_BAD_DATA = 252

M = TypeVar("M", bound=BaseModel)


def chosen_name() -> str:
    """The site that the environment chooses: ``FOCUS_SITE``, else the simulated one."""
    return os.environ.get("FOCUS_SITE") or DEFAULT_SITE


def load(name: str) -> Site:
    """The validated site; the simulated one is started, or found when it is already up.

    ``name`` is a name below ``variables/sites`` or the path of a YAML file. Raises ``SiteFileError`` with one sentence:
    file, key, value, what is allowed; ``BenchError`` when the simulated site does not start.
    """
    site = read(name)
    if isinstance(site, SiteToStart):
        site = read(str(start_site.start(site.start)))
    if isinstance(site, SiteToStart):
        raise SiteFileError("The simulated site wrote a short site file; it has to write a whole one.")
    return site


def read(name: str) -> Site | SiteToStart:
    """Reads and validates a site file and touches nothing else."""
    path = find(name)
    content = _yaml(path)
    if "start" in content:
        return _validated(SiteToStart, content, path)
    return _validated(Site, _with_client_settings(content, path), path)


def find(name: str) -> Path:
    """The site file that ``name`` means. Raises ``SiteFileError`` that lists the known sites."""
    is_path = name.endswith((".yaml", ".yml")) or os.sep in name
    path = Path(name).expanduser() if is_path else SITES / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in SITES.glob("*.yaml")))
        raise SiteFileError(f"There is no site '{name}'; choose one of {known}, or the path of a YAML file.")
    return path


def check_secrets(site: BaseModel) -> None:
    """Reads every secret of the site once. Raises ``SecretMissingError`` for the first that is not there."""
    for ref in _secret_refs(site):
        secrets.reveal(ref)


def main(arguments: list[str]) -> int:
    """Validates the named (or chosen) site; the exit code is 0, or Robot's 252 after one sentence on stderr."""
    name = arguments[0] if arguments else chosen_name()
    try:
        site = read(name)
        check_secrets(site)
    except BenchError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_BAD_DATA
    sys.stdout.write(f"Site '{site.name}' is valid: {find(name)}\n")
    return 0


def _yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
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


def _validated(model: type[M], content: dict[str, Any], path: Path) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise SiteFileError(_sentence(error, model, path)) from None


def _sentence(error: ValidationError, model: type[BaseModel], path: Path) -> str:
    problems = error.errors(include_url=False)
    first = problems[0]
    key = ".".join(str(part) for part in first["loc"])
    more = f" ({len(problems) - 1} more problems follow this one)" if len(problems) > 1 else ""
    if first["type"] == "missing":
        return f"Site file {path}: key '{key}' is missing{more}."
    if first["type"] == "extra_forbidden":
        allowed = ", ".join(_keys_beside(model, first["loc"]))
        return f"Site file {path}: key '{key}' is unknown; allowed here: {allowed}{more}."
    if "password" in key:
        return (
            f"Site file {path}: key '{key}' does not refer to a secret; allowed: {{env: NAME}} or {{file: PATH}}{more}."
        )
    allowed = first["msg"].removeprefix("Value error, ").replace("Input should be ", "")
    return f"Site file {path}: key '{key}' is {first['input']!r}; allowed: {allowed}{more}."


def _keys_beside(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys that the model knows at the place where an unknown one stood."""
    for part in location[:-1]:
        field = model.model_fields.get(str(part))
        if field is None:
            continue
        candidates = [field.annotation, *getattr(field.annotation, "__args__", ())]
        model = next((kind for kind in candidates if isinstance(kind, type) and issubclass(kind, BaseModel)), model)
    return list(model.model_fields)


def _secret_refs(part: object) -> Iterator[SecretRef]:
    if isinstance(part, SecretRef):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _secret_refs(getattr(part, name))
    elif isinstance(part, list):
        for item in part:
            yield from _secret_refs(item)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
