"""The keys of Xray that a test's tags and the files in variables give it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipeline.errors import RunError
from pipeline.paths import ROOT
from pipeline.results import catalogue

CREATED = ROOT / "variables" / "xray_created.yaml"
# A key of Jira; local keys (PZ-N101) and placeholders (PZ-TBD) are none and are never sent.
JIRA = re.compile(r"[A-Z][A-Z0-9]*-\d+")
LOCAL = re.compile(r"[A-Z][A-Z0-9]*-N\d+")
# Suites of other projects name keys so.
TEST, REQUIREMENT, BUG = "xray:", "req:", "bug:"


@dataclass(frozen=True)
class Keys:
    """The keys of one test: `tests` get its result, `local` have no Test in Xray, `bugs` are linked when it fails.

    `requirements` are what the test shows; results name them.
    """

    tests: tuple[str, ...]
    local: tuple[str, ...]
    requirements: tuple[str, ...]
    bugs: tuple[str, ...]


def of_tags(tags: Iterable[str], created: Mapping[str, str]) -> Keys:
    """A local key for which a Test was made counts as that Test's key."""
    tags = list(tags)
    primary = catalogue.key(tags)
    named = [primary, *catalogue.covers().get(primary, ()), *_prefixed(tags, TEST)]
    wanted = [created.get(key, key) for key in dict.fromkeys(named) if key]
    return Keys(
        tests=tuple(dict.fromkeys(key for key in wanted if JIRA.fullmatch(key))),
        local=tuple(key for key in wanted if LOCAL.fullmatch(key)),
        requirements=tuple(_prefixed(tags, REQUIREMENT)),
        bugs=tuple(_prefixed(tags, BUG)),
    )


def _prefixed(tags: Iterable[str], prefix: str) -> list[str]:
    found = [tag[len(prefix) :].upper() for tag in tags if tag.lower().startswith(prefix)]
    return [key for key in found if JIRA.fullmatch(key)]


def created(path: Path | None = None) -> dict[str, str]:
    """The Xray key of each local key that has one."""
    path = path or CREATED
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, yaml.YAMLError) as error:
        raise RunError(f"{path.name} cannot be read ({' '.join(str(error).split())}): repair it.") from None
    if not isinstance(found or {}, dict):
        raise RunError(f"{path.name} has to lead from local keys to keys of Xray: repair it.")
    for local, key in (found or {}).items():
        if not LOCAL.fullmatch(str(local)) or not JIRA.fullmatch(str(key)):
            raise RunError(f"{path.name}: '{local}: {key}' has to be like 'PZ-N101: PZ-20001'; repair it.")
    return dict(found or {})


def keep_created(new: Mapping[str, str], path: Path | None = None) -> None:
    """Add keys to the file; the file is whole at any moment."""
    path = path or CREATED
    head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    rows = [f"{local}: {key}" for local, key in sorted((created(path) | dict(new)).items())]
    replace_text(path, "\n".join([*head, *(rows or ["{}"])]) + "\n")


def replace_text(path: Path, text: str) -> None:
    """Write a file so that it is never seen half, whenever this program is killed."""
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)  # noqa: PTH105 - the step at which tests stop this program


def replace_json(path: Path, value: object) -> None:
    replace_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")
