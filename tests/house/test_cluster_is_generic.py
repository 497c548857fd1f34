"""simulator/cluster is a Kubernetes cluster of any site: what it runs, and what goes wrong in it, is given to it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SIMULATOR = Path(__file__).parents[2] / "simulator"
FILES = sorted((SIMULATOR / "cluster").rglob("*.py"))


def test_it_imports_no_other_part_of_the_simulator() -> None:
    offenders = {
        f"{file.relative_to(SIMULATOR)}: {module}"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for module in _imported(node)
        if module.split(".")[0] == "simulator" and not module.startswith("simulator.cluster")
    }
    assert FILES
    assert offenders == set()


def test_it_names_no_workload_of_the_site() -> None:
    site = re.compile(r"mongo|rabbit|panda|focus(?!_simulator_state)|webapp|recorder|grpc-job", re.IGNORECASE)
    offenders = {
        f"{file.relative_to(SIMULATOR)}: {node.value}"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and site.search(node.value)
    }
    assert offenders == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{one.name}" for one in node.names]
    return []
