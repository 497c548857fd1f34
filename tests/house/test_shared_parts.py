"""The shared parts know no product: what the wheel of `run.py product wheel` holds imports nothing else of this project
and uses no word of Focus.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from pipeline.product import shared

OURS = ("focus_core", "focus_keywords", "pipeline", "simulator", "strength")
WORDS = re.compile(
    r"(?<![a-z])"
    r"(focus|panda|prisma|nfft|waterfalls?|fib(?:re|er)s?|grpc[ _-]job|webapp|web app|segy|recordings?)"
    r"(?![a-z])",
    re.IGNORECASE,
)
# What begins so is this project's own name: its package, its variables, its folders.
OWN_NAME = re.compile(
    r"focus_core|focus_keywords|FOCUS_[A-Z_]+|focus-(?:acceptance|simulator|run-|scenario-|wheel-)", re.ASCII
)
# What is imported where it is used, and only for Focus: never reached for another product.
ONLY_FOR_FOCUS = {
    ("focus_core/load/actions.py", "focus_core.load.reading"): "a plan that reads frames of views",
    ("focus_core/load/parts.py", "focus_core.load.alert_follower"): "a plan that follows alerts",
    ("focus_core/load/parts.py", "focus_core.load.held_views"): "a plan that holds views open",
    ("focus_core/load/parts.py", "focus_core.load.publishing"): "a plan that publishes to a Focus site's broker",
    ("focus_core/load/users.py", "focus_core.webapp.client"): "users of a Focus site",
    ("focus_core/logs/samples.py", "focus_core.mongodb.client"): "figures of a site with the capability mongodb",
    ("focus_core/logs/samples.py", "focus_core.rabbitmq.client"): "figures of a site with the capability rabbitmq",
}
# Modules of the shared parts that do know Focus, each with the reason; the list only gets shorter.
KNOWS_FOCUS = {
    "focus_core/site/client_settings.py": "reads the settings of the Focus client, for a site file that names them",
    "focus_core/site/loader.py": "tells two Focus sites apart by the address of their server",
    "focus_core/site/model.py": "the schema of a Focus site stands beside the sections that all products have",
    "focus_core/site/state.py": "a Focus site without a state folder is named by the address of its server",
    "focus_core/site/validation.py": "completes a Focus site's file: where logins go, which sections are there",
    "focus_core/logs/attribution.py": "finds the ids of views' jobs in the paths of requests that pods log",
    "focus_core/load/actions.py": "a session's requests go to the Focus Server unless they name another",
    "focus_core/load/users.py": "users of a load log in to the web app",
    "focus_core/load/plan.py": "a request without a server goes to the Focus Server",
    "focus_core/load/generator.py": "a load removes the jobs that its requests have opened there",
    "focus_core/load/parts.py": "the addresses of a Focus site's servers, and what removes its jobs",
}
# Packages that are not shipped, since they ask for a Focus site, and whose rules know no product either.
NEUTRAL = (
    "focus_core/disruption",
    "focus_core/run",
    "pipeline/baseline",
    "pipeline/bug",
    "pipeline/ci",
    "pipeline/coverage",
    "pipeline/history",
    "pipeline/monitor",
    "pipeline/run",
    "strength",
)
NEUTRAL_KNOWS_FOCUS = {
    "focus_core/disruption/acknowledged_writes.py": "names its collection focus_ledger",
    "focus_core/disruption/faults.py": "names its network policy focus-cut",
    "focus_core/disruption/outage_answers.py": "what views and frames are during an outage",
    "focus_core/disruption/steady.py": "which services a Focus site consists of",
    "focus_core/run/clients.py": "the clients of a Focus site",
    "focus_core/run/evidence.py": "whose logs are evidence: the Focus Server's and the web app's",
    "focus_core/run/listener.py": "the listener of Focus suites: a class name that testers' files hold",
    "focus_core/run/other_clients.py": "further clients of a Focus site",
    "focus_core/run/pictures.py": "draws waterfalls",
    "focus_core/run/probes.py": "how each interface of a Focus site is asked whether it lives",
    "focus_core/run/session.py": "this lane's client of the Focus Server",
    "focus_core/run/sweep.py": "asks the Focus Server to remove jobs",
    "strength/workers/runner.py": "replaces the clients of a Focus site",
}


@cache
def shipped() -> dict[str, Path]:
    return {name: path for name, path in shared.files() if name.endswith(".py")}


def module_of(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def test_everything_that_is_named_is_there() -> None:
    named = [shared.base_of(name) / name for name in (*shared.MODULES, *shared.PACKAGES, *shared.FOCUS_OWN)]
    assert [str(path) for path in named if not path.exists()] == []
    assert len(shipped()) > 100


def test_they_import_only_each_other() -> None:
    known = {module_of(name) for name in shipped()}
    found = {
        (name, wanted)
        for name, path in shipped().items()
        for wanted in imports(path)
        if wanted.startswith(OURS) and wanted not in known
    }
    assert sorted(found - set(ONLY_FOR_FOCUS)) == []
    assert sorted(set(ONLY_FOR_FOCUS) - found) == [], "no longer imported: take it out of the list"


def test_what_only_focus_needs_is_imported_where_it_is_used() -> None:
    at_start = {
        (name, wanted) for name, path in shipped().items() for wanted in imports(path, ast.parse(text(path)).body)
    }
    assert sorted(at_start & set(ONLY_FOR_FOCUS)) == []


def test_they_use_no_word_of_focus() -> None:
    found = {name: words for name, path in shipped().items() if (words := focus_words(path))}
    assert {name: words for name, words in found.items() if name not in KNOWS_FOCUS} == {}
    assert sorted(set(KNOWS_FOCUS) - set(found)) == [], "knows Focus no longer: take it out of the list"


def test_the_rules_of_the_other_parts_use_none_either() -> None:
    bases = {package: shared.base_of(package) for package in NEUTRAL}
    found = {
        path.relative_to(base).as_posix()
        for package, base in bases.items()
        for path in (base / package).rglob("*.py")
        if focus_words(path)
    }
    assert sorted(found - set(NEUTRAL_KNOWS_FOCUS)) == []
    assert sorted(set(NEUTRAL_KNOWS_FOCUS) - found) == [], "knows Focus no longer: take it out of the list"


def test_the_words_are_found_where_they_stand(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""A view of Focus."""\nFOCUS_RUN_ID = "focus_core"\ndef nfft_of(WebApp): return "Panda"\n')
    assert focus_words(module) == ["nfft", "panda", "web app"]


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def imports(path: Path, nodes: list[ast.stmt] | None = None) -> set[str]:
    """The modules that a file imports, without those for type checkers; of these statements alone, or of all."""
    tree = ast.parse(text(path))
    ignored = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    everywhere = [node for node in ast.walk(tree) if id(node) not in ignored] if nodes is None else nodes
    found = set()
    for node in everywhere:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {_imported(node.module, alias.name) for alias in node.names}
    return found


def _imported(module: str, name: str) -> str:
    """The module itself, or the one in it that is imported by name."""
    inner = f"{module}.{name}".replace(".", "/")
    base = shared.base_of(inner)
    is_module = (base / f"{inner}.py").exists() or (base / inner / "__init__.py").exists()
    return f"{module}.{name}" if is_module else module


def focus_words(path: Path) -> list[str]:
    """Words of Focus in names and texts of a module; what it is documented with may speak of an example."""
    tree = ast.parse(text(path))
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) not in documented:
            for one in _texts(node):
                plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", OWN_NAME.sub("", one)).replace("_", " ")
                found |= {word.lower() for word in WORDS.findall(plain)}
    return sorted(found)


def _texts(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return [str(getattr(node, key)) for key in ("id", "attr", "arg") if isinstance(getattr(node, key, None), str)]
