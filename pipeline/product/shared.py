"""The parts that know no product, which the wheel of the shared parts holds. `tests/house/test_shared_parts.py` guards
that they import nothing else and use no word of Focus.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.paths import LIBRARIES, ROOT

# Packages, with all modules that are not named in FOCUS_OWN, and single modules.
PACKAGES = (
    "focus_core/base",
    "focus_core/site",
    "focus_core/node",
    "focus_core/logs",
    "focus_core/load",
    "pipeline/results",
    "pipeline/xray",
    "pipeline/product",
    "simulator/cluster",
)
MODULES = (
    "focus_core/__init__.py",
    "focus_core/cluster/__init__.py",
    "focus_core/cluster/kubectl.py",
    "focus_core/run/__init__.py",
    "focus_core/run/known_bugs.py",
    "focus_core/run/left_jobs.py",
    "pipeline/__init__.py",
    "pipeline/__main__.py",
    "pipeline/command_line.py",
    "pipeline/console.py",
    "pipeline/errors.py",
    "pipeline/paths.py",
    "pipeline/processes.py",
    "pipeline/commands/__init__.py",
    "pipeline/commands/xray.py",
    "pipeline/run/__init__.py",
    "pipeline/run/chosen.py",
    "pipeline/run/folders.py",
    "pipeline/run/reports.py",
    "simulator/__init__.py",
    "simulator/errors.py",
    "simulator/product_site.py",
    "simulator/layout/__init__.py",
    "simulator/layout/state.py",
    "simulator/pods/__init__.py",
    "simulator/pods/rabbitmq_environment.py",
    "simulator/pods/rabbitmq_files.py",
)
# Modules in those packages that are about Focus: its views, jobs, alerts and recordings, and its client's settings.
FOCUS_OWN = {
    "focus_core/base/words.py",
    "focus_core/site/data.py",
    "focus_core/logs/live.py",
    "focus_core/load/action_data.py",
    "focus_core/load/alert_actions.py",
    "focus_core/load/alert_count.py",
    "focus_core/load/alert_follower.py",
    "focus_core/load/alert_ids.py",
    "focus_core/load/broker.py",
    "focus_core/load/figures.py",
    "focus_core/load/growth.py",
    "focus_core/load/held_views.py",
    "focus_core/load/pictures.py",
    "focus_core/load/policy.py",
    "focus_core/load/profile_files.py",
    "focus_core/load/publishing.py",
    "focus_core/load/rate_steps.py",
    "focus_core/load/reading.py",
    "focus_core/load/showing.py",
    "focus_core/load/sources.py",
    "focus_core/load/views_at_once.py",
}


def files() -> Iterator[tuple[str, Path]]:
    """Each file of the shared parts: its path in the wheel, and where it stands."""
    for module in MODULES:
        yield module, base_of(module) / module
    for package in PACKAGES:
        for path in sorted((base_of(package) / package).rglob("*")):
            name = path.relative_to(base_of(package)).as_posix()
            if path.is_file() and "__pycache__" not in path.parts and name not in FOCUS_OWN:
                yield name, path


def base_of(name: str) -> Path:
    return LIBRARIES if name.startswith("focus_core/") else ROOT
