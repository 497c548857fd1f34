"""Every example in the documentation of a keyword does on a site what it shows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from examples.prepared import NOT_RUN
from robot.api import ExecutionResult
from support import site_commands

from examples import suite_of_examples

pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module")
def site_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A site of their own: examples take its services down."""
    state_dir = tmp_path_factory.mktemp("site")
    with site_commands.running_site(state_dir, "--time-scale", "0.1"):
        yield state_dir / "site.yaml"


def test_every_example_passes(site_file: Path, tmp_path: Path) -> None:
    suites = tmp_path / "examples"
    suites.mkdir()
    suite_of_examples.write_all(suites, left_out=NOT_RUN)
    run = [sys.executable, "-m", "robot", "--variable", f"SITE:{site_file}", "--log", "NONE", "--report", "NONE"]
    done = subprocess.run([*run, suites.name], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode <= 250, done.stderr[-2000:]
    tests = list(ExecutionResult(tmp_path / "output.xml").suite.all_tests)
    assert len(tests) == len(suite_of_examples.keywords()) - len(NOT_RUN)
    failed = [f"{test.name}: {test.message[:300]}" for test in tests if not test.passed]
    assert not failed, f"{len(failed)} of {len(tests)}:\n" + "\n".join(failed)
