"""The types of the Kubernetes API: which fields an object may have, and of which type they are.

They are those of the models of the package `kubernetes`, read from its source: importing the models would cost the
cluster half a second and 35 MB. A model is read when the first object needs it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from simulator.cluster.resources import EVENT, Kind, Object

_MODELS = "kubernetes.client.models"
_FIELD = re.compile(r"^    (\w+): (.+?) = (?:None|Field\((.*)\))$|^    (\w+): (\w+)$", re.MULTILINE)
_ALIAS = re.compile(r'serialization_alias="([^"]+)"')
_SCALARS: dict[str, tuple[type, ...]] = {
    "StrictStr": (str,),
    "StrictInt": (int,),
    "StrictBool": (bool,),
    "StrictFloat": (float,),
    "datetime": (str,),
    "bytes": (str,),
    "str": (str,),
}
_JSON = {dict: "object", list: "array", str: "string", bool: "bool", int: "number", float: "number", type(None): "null"}
# Quantities are texts to the package; the API takes numbers too.
_QUANTITIES = re.compile(
    r"\.(limits|requests|capacity|allocatable|hard|used|overhead|max|min|default|defaultRequest)\.[^.]+$"
    r"|\.(sizeLimit|divisor|averageValue|target\.value)$"
)


@dataclass
class Findings:
    """What is wrong with an object: unknown fields (and where), values of a wrong type, required fields that lack."""

    unknown: list[tuple[Object, str, str]] = field(default_factory=list)
    """(object, key, path of the key)"""
    wrong: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Field:
    type: str
    required: bool


def examined(kind: Kind, obj: Object) -> Findings:
    """What is wrong with an object of a kind."""
    found = Findings()
    _examine_object(model_of(kind), obj, "", found)
    return found


def missing(kind: Kind, obj: Object) -> list[tuple[str, str]]:
    """Required fields that an object lacks, as causes; its status is the business of controllers."""
    found = examined(kind, {key: value for key, value in obj.items() if key != "status"})
    return [(path, "Required value") for path in found.missing]


def model_of(kind: Kind) -> str:
    """The name of the model of a kind."""
    return "CoreV1Event" if kind == EVENT else f"V{kind.version.removeprefix('v')}{kind.name}"


@cache
def _modules() -> tuple[Path, dict[str, str]]:
    """The folder of the models, and the module of each."""
    package = find_spec("kubernetes")
    assert package is not None and package.origin is not None  # noqa: S101 - the project needs the package
    folder = Path(package.origin).parent / "client" / "models"
    text = (folder / "__init__.py").read_text(encoding="utf-8")
    return folder, {name: module for module, name in re.findall(rf"from {_MODELS}\.(\w+) import (\w+)", text)}


@cache
def _fields(model: str) -> dict[str, _Field]:
    folder, modules = _modules()
    text = (folder / f"{modules[model]}.py").read_text(encoding="utf-8")
    body = text[text.index(f"class {model}(BaseModel)") :].split("    openapi_types:")[0]
    fields = {}
    for name, type_, options, plain, plain_type in _FIELD.findall(body):
        alias = _ALIAS.search(options)
        declared = type_ or plain_type
        fields[alias[1] if alias else name or plain] = _Field(
            declared.removeprefix("Optional[").removesuffix("]") if declared.startswith("Optional[") else declared,
            not declared.startswith("Optional["),
        )
    return fields


def _examine(type_: str, value: Any, path: str, found: Findings) -> None:
    if value is None or type_ == "Any" or (" | " in type_ and isinstance(value, (dict, str, int))):
        return
    if type_.startswith("List["):
        if not isinstance(value, list):
            found.wrong.append(_unfit(value, path, type_))
            return
        for number, one in enumerate(value):
            if one is None:
                found.wrong.append(_unfit(one, f"{path}[{number}]", type_[5:-1]))
            _examine(type_[5:-1], one, f"{path}[{number}]", found)
    elif type_.startswith("Dict["):
        if not isinstance(value, dict):
            found.wrong.append(_unfit(value, path, type_))
            return
        for key, one in value.items():
            _examine(type_.split(", ", 1)[1][:-1], one, f"{path}.{key}", found)
    elif type_ in _modules()[1]:
        _examine_object(type_, value, path, found)
    else:
        wanted = {known for name in re.findall(r"\w+", type_) for known in _SCALARS.get(name, ())}
        if _QUANTITIES.search(path):
            wanted |= {int, float}
        if wanted and type(value) not in wanted:
            found.wrong.append(_unfit(value, path, type_))


def _examine_object(model: str, value: Any, path: str, found: Findings) -> None:
    if not isinstance(value, dict):
        found.wrong.append(_unfit(value, path, model))
        return
    fields = _fields(model)
    for key, one in value.items():
        where = f"{path}.{key}" if path else key
        if key in fields:
            _examine(fields[key].type, one, where, found)
        else:
            found.unknown.append((value, key, where))
    for key, declared in fields.items():
        if declared.required and value.get(key) is None:
            found.missing.append(f"{path}.{key}" if path else key)


def _unfit(value: Any, path: str, type_: str) -> str:
    shown = type_
    for old, new in (("Strict", ""), ("]", ""), ("List[", "[]"), ("V1", "v1."), ("Str", "string"), ("Int", "int")):
        shown = shown.replace(old, new)
    return f"json: cannot unmarshal {_JSON[type(value)]} into field {path or 'the object'} of type {shown}"
