"""Which module of the project imports which, read from the sources: also imports inside functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

Graph = Mapping[str, frozenset[str]]


def modules(folder: Path, below: Path) -> dict[str, Path]:
    """The modules of a folder by their names, which begin below `below`; generated protocol code is left out."""
    return {name_of(path.relative_to(below)): path for path in folder.rglob("*.py") if "_pb2" not in path.name}


def name_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(name: str, path: Path) -> Iterator[tuple[str, str]]:
    """What a module imports: (module, name in it); the name is empty for `import module`."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((module, alias.name) for alias in node.names)


def graph(paths: Mapping[str, Path]) -> Graph:
    """The targets of each module: modules among `paths`, by their names, and names of foreign ones as they stand."""

    def target(module: str, name: str) -> str:
        whole = f"{module}.{name}" if name else module
        # What is no module is a name in one.
        return module if module in paths and whole not in paths else whole

    return {name: frozenset(target(*found) for found in imports(name, path)) - {name} for name, path in paths.items()}


def circles(found: Graph) -> list[str]:
    """Modules that import each other, directly or through others; one line for each knot."""
    reached = {name: _reachable(found, name) for name in found}
    knots = {frozenset(other for other in reached[name] if name in reached[other]) for name in found}
    return sorted(", ".join(sorted(knot)) for knot in knots if knot)


def between(found: Graph, importers: str, imported: tuple[str, ...]) -> list[str]:
    """The imports of modules of one package (or one module) that lead into others."""
    return sorted(
        f"{name} -> {target}"
        for name, targets in found.items()
        if is_in(name, importers)
        for target in targets
        if any(is_in(target, package) for package in imported)
    )


def is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def upward(found: Graph, root: str, levels: tuple[tuple[str, ...], ...]) -> list[str]:
    """Imports between the packages of `root` that do not lead to a lower level, and modules that stand on none.

    `levels` runs from the lowest to the highest; packages of one level do not import each other.
    """
    rank = {f"{root}.{package}": number for number, level in enumerate(levels) for package in level}
    inside = {name: ".".join(name.split(".")[:2]) for name in found if name.startswith(f"{root}.")}
    homeless = [f"{name} is on no level" for name, package in inside.items() if package not in rank]
    wrong = [
        f"{name} -> {target}"
        for name, package in inside.items()
        for target in found[name]
        if inside.get(target, package) != package and rank.get(inside[target], 0) >= rank.get(package, 0)
    ]
    return sorted(homeless + wrong)


def _reachable(found: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        new = {target for target in found[waiting.pop()] if target in found} - seen
        seen |= new
        waiting += new
    return seen
