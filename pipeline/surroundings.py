"""What the programs that run.py starts inherit of the caller's environment, variable by variable: docs/environment.md.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import os
import re
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path

# Of what steers Python itself, only what leaves alone which code runs and what it does.
PYTHON_KEPT = frozenset(
    f"PYTHON{name}" for name in ("FAULTHANDLER", "HASHSEED", "NOUSERSITE", "PYCACHEPREFIX", "TRACEMALLOC", "UNBUFFERED")
)
# Variables of Python itself have no underscore there, but for harmless ones; PYTHONPATH is ordered, not dropped.
PYTHON_OWN = re.compile(r"PYTHON[A-Z0-9]+")

# They would change where packages are installed, which ones, or whether their hashes are checked.
INSTALLER = frozenset(
    [
        *(f"PIP_{name}" for name in ("TARGET", "PREFIX", "ROOT", "PYTHON", "CONSTRAINT", "BUILD_CONSTRAINT")),
        *(f"PIP_{name}" for name in ("REQUIREMENT", "EDITABLE", "DRY_RUN")),
        *(f"UV_{name}" for name in ("PYTHON", "SYSTEM_PYTHON", "MANAGED_PYTHON", "NO_MANAGED_PYTHON")),
        *(f"UV_{name}" for name in ("PYTHON_PREFERENCE", "BREAK_SYSTEM_PACKAGES", "PROJECT_ENVIRONMENT")),
        *(f"UV_{name}" for name in ("CONSTRAINT", "BUILD_CONSTRAINT", "OVERRIDE", "EXCLUDE", "EXCLUDE_NEWER")),
        *(f"UV_{name}" for name in ("PRERELEASE", "RESOLUTION", "REQUIRE_HASHES", "NO_VERIFY_HASHES")),
    ]
)
# pip's own settings may ask for the same; a variable overrules them.
INSTALLER_OURS = {"PIP_USER": "0", "PIP_REQUIRE_HASHES": "0"}

# 'run.py test' runs all tests, whatever a developer's shell asks of pytest and mypy.
CHECKS = frozenset({"PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "MYPYPATH"})

# They would change a run behind the back of its selection and its report.
REFUSED = ("ROBOT_OPTIONS", "REBOT_OPTIONS")


def for_children(environ: Mapping[str, str], venv: Path, programs: Path, ours: list[Path]) -> dict[str, str]:
    """The environment of everything that run.py starts: `venv` activated, our code first, UTF-8, bytecode written.

    `programs` is the folder of the environment's programs, `ours` are the project's folders of Python modules.
    """
    child = {name: value for name, value in environ.items() if _passed_on(name)}
    child |= {
        "VIRTUAL_ENV": str(venv),
        "PATH": os.pathsep.join([str(programs), environ.get("PATH", os.defpath)]),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUTF8": "1",
        **INSTALLER_OURS,
    }
    if environ.get("PYTHONPATH"):
        # What it names would come before the packages of the environment.
        child["PYTHONPATH"] = os.pathsep.join([*map(str, [*ours, packages(venv)]), environ["PYTHONPATH"]])
    return child


def for_installers(child: Mapping[str, str]) -> dict[str, str]:
    """The same without PYTHONPATH: pip takes a package that it finds there for installed."""
    return {name: value for name, value in child.items() if name != "PYTHONPATH"}


def refused(environ: Mapping[str, str]) -> str:
    """One sentence on a variable with which no run is started; nothing when none is set."""
    for name in REFUSED:
        if environ.get(name, "").strip():
            return (
                f"{name} is set, which would change a run without its report showing it: unset it and give its options "
                "to run.py."
            )
    return ""


def clash(environ: Mapping[str, str], venv: Path, ours: list[Path]) -> str:
    """One sentence on modules of PYTHONPATH that bear the name of one of ours; nothing when there are none."""
    own = [*ours, packages(venv)]
    known = {folder.resolve() for folder in own}
    names = {name for folder in own for name in modules(folder)}
    theirs = [Path(entry) for entry in environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    found = [
        f"'{name}' ({folder})"
        for folder in theirs
        if folder.resolve() not in known
        for name in sorted(names & set(modules(folder)))
    ]
    if not found:
        return ""
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return (
        f"PYTHONPATH holds {', '.join(found[:3])}{more}, named as what this project uses: the project's own is used; "
        "rename that one if it is a library of yours."
    )


def packages(venv: Path) -> Path:
    """Where the environment's packages are."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(venv), "platbase": str(venv)}))


def modules(folder: Path) -> Iterator[str]:
    """Names that can be imported from a folder: modules and packages."""
    try:
        for entry in folder.iterdir():
            name, _, ending = entry.name.partition(".")
            is_module = ending == "py" or entry.suffix in (".so", ".pyd")
            if name.isidentifier() and (is_module or (entry.is_dir() and any(entry.glob("*.py")))):
                yield name
    except OSError:
        return  # an entry of PYTHONPATH that is no folder


def _passed_on(name: str) -> bool:
    if PYTHON_OWN.fullmatch(name):
        return name in PYTHON_KEPT
    return name not in INSTALLER | CHECKS
