"""Checks JSON values against the schemas of an OpenAPI document: the few words of JSON Schema that it uses, no more."""

from __future__ import annotations

import re
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_SILENT = {"title", "description", "default"}


class Checker:
    """The schemas of one document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def problems(self, schema: dict[str, Any], value: Any, where: str = "body") -> list[str]:
        """Return what is wrong with a value; an empty list when it fits. Fails for a word that it does not know."""
        if "$ref" in schema:
            target: Any = self._document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            return self.problems(target, value, where)
        found = self._type(schema["type"], value, where, schema) if "type" in schema else []
        if found:  # the other words are about values of this type
            return found
        for word, meaning in schema.items():
            if word not in _SILENT:
                found += getattr(self, f"_{word}")(meaning, value, where, schema)
        return found

    def _type(self, name: str, value: Any, where: str, _schema: Any) -> list[str]:
        fits = isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))
        return [] if fits else [f"{where} is {value!r:.60}, not of type {name}"]

    def _anyOf(self, choices: list[Any], value: Any, where: str, _schema: Any) -> list[str]:  # noqa: N802
        tried = [self.problems(choice, value, where) for choice in choices]
        return [] if [] in tried else [f"{where} fits no choice: {tried}"]

    def _enum(self, allowed: list[Any], value: Any, where: str, _schema: Any) -> list[str]:
        return [] if value in allowed else [f"{where} is {value!r}, not one of {allowed}"]

    def _const(self, allowed: Any, value: Any, where: str, _schema: Any) -> list[str]:
        return [] if value == allowed else [f"{where} is {value!r}, not {allowed!r}"]

    def _pattern(self, pattern: str, value: Any, where: str, _schema: Any) -> list[str]:
        return [] if re.search(pattern, value) else [f"{where} does not match {pattern}"]

    def _required(self, names: list[str], value: Any, where: str, _schema: Any) -> list[str]:
        return [f"{where} has no {name}" for name in names if name not in value]

    def _properties(self, properties: dict[str, Any], value: Any, where: str, _schema: Any) -> list[str]:
        known = [(name, part) for name, part in properties.items() if name in value]
        return [text for name, part in known for text in self.problems(part, value[name], f"{where}.{name}")]

    def _additionalProperties(self, rule: Any, value: Any, where: str, schema: Any) -> list[str]:  # noqa: N802
        others = {name: part for name, part in value.items() if name not in schema.get("properties", {})}
        if rule is False:
            return [f"{where} has the undeclared {name}" for name in others]
        if rule is True:
            return []
        return [text for name, part in others.items() for text in self.problems(rule, part, f"{where}.{name}")]

    def _items(self, rule: Any, value: Any, where: str, _schema: Any) -> list[str]:
        return [text for index, part in enumerate(value) for text in self.problems(rule, part, f"{where}[{index}]")]
