"""Which keywords a Python module of the libraries holds, or reaches: read from the text, nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from pipeline.vocabulary import normalized


class KeywordModules:
    """The modules below `folder`, which imports begin at."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keywords(self, path: Path, lines: list[range]) -> set[str]:
        """Normalized names of the keywords in these lines; of all that depend on the module where others changed."""
        changed = self._name(path)
        own = self._keywords.get(changed, {})
        touched = {name for name, place in own.items() if any(_overlap(place, one) for one in lines)}
        inside = all(
            any(place.start <= one.start and one.stop <= place.stop for place in own.values()) for one in lines
        )
        if own and inside:
            return touched
        return {name for module in self._users(changed) for name in self._keywords.get(module, {})}

    def _users(self, module: str) -> set[str]:
        """The module and every one that imports it, itself or through others."""
        found, waiting = {module}, [module]
        while waiting:
            wanted = waiting.pop()
            for name, imported in self._imports.items():
                if wanted in imported and name not in found:
                    found.add(name)
                    waiting.append(name)
        return found

    @cached_property
    def _trees(self) -> dict[str, ast.Module]:
        return {
            self._name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(self._folder.rglob("*.py"))
        }

    @cached_property
    def _imports(self) -> dict[str, set[str]]:
        return {name: set(_imported(tree)) & set(self._trees) for name, tree in self._trees.items()}

    @cached_property
    def _keywords(self) -> dict[str, dict[str, range]]:
        """By module: its keywords with their lines, the decorator's among them."""
        return {name: dict(_keywords_of(tree)) for name, tree in self._trees.items()}

    def _name(self, path: Path) -> str:
        parts = path.relative_to(self._folder).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(tree: ast.Module) -> Iterator[str]:
    """Every dotted name that may be an imported module: `from a import b` may import a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _keywords_of(tree: ast.Module) -> Iterator[tuple[str, range]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                call = decorator if isinstance(decorator, ast.Call) else None
                if isinstance(target := call.func if call else decorator, ast.Name) and target.id == "keyword":
                    given = call.args[0] if call and call.args else None
                    name = given.value if isinstance(given, ast.Constant) else node.name
                    yield normalized(str(name)), range(decorator.lineno, (node.end_lineno or node.lineno) + 1)


def _overlap(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop
