"""Which parts of the simulator may import which, and that simulator/cluster is a Kubernetes cluster of any site."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from support import import_graph

PROJECT = Path(__file__).parents[2]
SIMULATOR = PROJECT / "simulator"
SHARED = {"errors", "defects"}
# Part -> the parts that it may import, beside itself and SHARED.
MAY_IMPORT = {
    "layout": set[str](),
    "cluster": set[str](),
    "pods": {"layout", "cluster"},
    "content": {"layout", "cluster", "pods"},
    "lifecycle": {"layout", "pods", "content"},
    "node": {"layout"},
    "__main__": {"layout", "lifecycle"},
}
# What pods use of these parts; all else is for those who start a site.
OF_PODS = {"simulator.layout.state", "simulator.cluster.containers"}
SITE_WORDS = re.compile(r"mongo|rabbit|panda|focus(?!_simulator_state)|webapp|recorder|grpc-job", re.IGNORECASE)


def test_parts_import_only_what_stands_below_them() -> None:
    offenders = {
        f"{module} imports {other}"
        for module, other in _imports()
        if _part(module) in MAY_IMPORT and _part(other) not in MAY_IMPORT[_part(module)] | {_part(module)} | SHARED
    }
    assert offenders == set()


def test_the_cluster_does_not_know_the_defects() -> None:
    offenders = {module for module, other in _imports() if _part(module) == "cluster" and _part(other) != "cluster"}
    assert offenders == set()


def test_pods_import_little_of_layout_and_cluster() -> None:
    used = {other for module, other in _imports() if _part(module) == "pods" and _part(other) in ("layout", "cluster")}
    assert used <= OF_PODS


def test_the_cluster_names_no_workload_of_the_site() -> None:
    files = sorted((SIMULATOR / "cluster").rglob("*.py"))
    offenders = {
        f"{file.relative_to(SIMULATOR)}: {node.value}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SITE_WORDS.search(node.value)
    }
    assert files
    assert offenders == set()


@cache
def _imports() -> list[tuple[str, str]]:
    """Each module of the simulator with each module of the simulator that it imports, at its top or later."""
    found = import_graph.graph(import_graph.modules(SIMULATOR, PROJECT))
    assert len(found) > 50
    return [(module, other) for module, others in found.items() for other in others if other in found]


def _part(module: str) -> str:
    return module.split(".")[1] if "." in module else ""
