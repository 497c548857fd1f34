"""`run.py test`: everything that CI checks. Its closing line is 'N passed, N failed'."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from focus_core.site import simulator_process

from pipeline import console
from pipeline.checks.steps import Counts, Step, run_all
from pipeline.errors import RunError
from pipeline.paths import PYTHON, RESULTS, ROOT
from pipeline.run import folders as runs

# Tests of the simulated site that are steps of their own, by the beginning of their names; all others are "site tests".
# The tests of a step share one site.
FOCUS = ("focus", "job")
LIFE = ("site",)
CLUSTER = ("cluster",)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="the long checks too")


def main(options: argparse.Namespace) -> int:
    if list(ROOT.joinpath("suites").rglob("*.robot")) == []:
        raise RunError("There is no suite in suites/: this is not a whole checkout; clone it again.")
    began = time.monotonic()
    folder = RESULTS / "test"
    folder.mkdir(parents=True, exist_ok=True)
    # Away from a site that someone uses by hand, and short, because sockets have short paths.
    with tempfile.TemporaryDirectory(prefix="focus-test-", ignore_cleanup_errors=True) as home:
        outcomes = run_all(steps(folder, own_site(Path(home)), everything=options.all))
    counts = sum((outcome.counts for outcome in outcomes), Counts())
    failed_steps = sum(not outcome.ok for outcome in outcomes)
    console.say(f"\n{len(outcomes)} steps, {failed_steps} failed, {time.monotonic() - began:.0f} s")
    # CI looks for exactly this form.
    console.say(f"{counts.passed} passed, {counts.failed} failed")
    return 1 if failed_steps else 0


@dataclass(frozen=True)
class OwnSite:
    """A simulated site of its own: the site file that starts it and its state directory."""

    file: Path
    state_dir: Path


def own_site(home: Path) -> OwnSite:
    site = OwnSite(home / "own.yaml", home / "site")
    start = {"name": "simulated", "simulated": True, "start": {"state_dir": str(site.state_dir)}}
    site.file.write_text(yaml.safe_dump(start, allow_unicode=True), encoding="utf-8")
    return site


def steps(folder: Path, site: OwnSite, *, everything: bool) -> list[Step]:
    """Those of seconds first, for whoever waits for them; then the longest first, so that none is left at the end."""
    run_id = runs.new_id()
    smoke = RESULTS / "runs" / run_id / "xunit.xml"
    for_people = ["docs/recipes", "docs/training"]
    # Of this project's words: what is in examples has its own, and its own project folder.
    own_words = ["suites", "resources", "tests/keywords", *for_people]
    robot_files = [*own_words, "examples"]
    markers = [] if everything else ["-m", "not nightly"]
    return [
        Step("lint", module("ruff", "check", ".")),
        Step("format", module("ruff", "format", "--check", ".")),
        Step(
            "smoke",
            module("pipeline", "smoke"),
            smoke,
            makes_runs=True,
            env={"FOCUS_SITE": str(site.file), "FOCUS_RUN_ID": run_id, "FOCUS_XRAY": "off"},
            after=simulator_process.command("down", state_dir=site.state_dir),
        ),
        Step(
            "keyword tests",
            module("pipeline.checks.keyword_tests", str(folder / "keywords")),
            folder / "keywords/xunit.xml",
        ),
        tests("unit tests", folder, ["tests/unit"], ["--ignore=tests/unit/pipeline", *markers]),
        tests("pipeline tests", folder, ["tests/unit/pipeline", "tests/house"], markers),
        tests("site tests", folder, ["tests/site"], [*markers, *map(left_out, FOCUS + LIFE + CLUSTER)]),
        tests("entry tests", folder, ["tests/entry"], markers, makes_runs=True),
        tests("focus tests", folder, simulator_tests(FOCUS), markers),
        tests("life tests", folder, simulator_tests(LIFE), markers),
        tests("cluster tests", folder, simulator_tests(CLUSTER), markers),
        *([tests("fuzz tests", folder, ["tests/fuzz"], [])] if everything else []),
        *([tests("editor tests", folder, ["tests/editors"], [])] if everything else []),
        *([tests("example tests", folder, ["tests/examples"], [])] if everything else []),
        Step("robot analysis", module("robotcode.cli", "analyze", "code", *own_words)),
        Step("types", module("mypy")),
        Step("robot lint", module("robocop", "check", *robot_files)),
        Step("robot format", module("robocop", "format", "--check", "--diff", *robot_files)),
        Step("dry run", [*module("robot", "--dryrun", "--exitonerror"), *no_output(), "suites", *for_people]),
        Step("documentation", module("pipeline", "docs")),
        Step("keyword page", module("pipeline", "keywords", "--check")),
        Step("tags page", module("pipeline.checks.tags_page", "--check")),
        Step("missing specs", module("pipeline.checks.missing_specs", "--check")),
    ]


def simulator_tests(parts: tuple[str, ...]) -> list[str]:
    """The files of tests/site about these parts."""
    return sorted(str(path) for part in parts for path in ROOT.glob(f"tests/site/test_{part}_*.py"))


def left_out(part: str) -> str:
    """The option that keeps a part's files out of pytest's collection."""
    return f"--ignore-glob=*/test_{part}_*.py"


def module(name: str, *args: str) -> list[str]:
    return [PYTHON, "-m", name, *args]


def no_output() -> list[str]:
    return ["--output", "NONE", "--log", "NONE", "--report", "NONE"]


def tests(name: str, folder: Path, paths: list[str], markers: list[str], *, makes_runs: bool = False) -> Step:
    xunit = folder / f"{name.replace(' ', '-')}.xml"
    command = module("pytest", *paths, *markers, f"--junitxml={os.fspath(xunit)}", "-p", "no:cacheprovider")
    return Step(name, command, xunit, makes_runs=makes_runs)
