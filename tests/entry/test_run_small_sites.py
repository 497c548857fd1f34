"""A site is described with what a tester has: what a file leaves out skips its tests, all others run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from robot.api import ExecutionResult
from support.checkout import Checkout, OwnSite

# A name, the server's address, a user: the least that a site file can hold, beside the trust anchor of a lab.
LEAST = ("focus", "tls", "users")

# Which sections a file has beside these, and the capabilities whose tests are skipped.
SHAPES = {
    "REST only": ((), {"webapp", "mongodb", "rabbitmq", "kubernetes", "ssh"}),
    "REST and MongoDB": (("mongodb",), {"webapp", "rabbitmq", "kubernetes", "ssh"}),
    "all but SSH": (("mongodb", "webapp", "rabbitmq", "kubernetes", "workloads", "stream_base_port"), {"ssh"}),
}


def small_site(whole: Path, folder: Path, sections: tuple[str, ...]) -> Path:
    content: dict[str, Any] = yaml.safe_load(whole.read_text(encoding="utf-8"))
    small = {"name": "lab"} | {key: content[key] for key in (*LEAST, *sections)}
    path = folder / "lab.yaml"
    path.write_text(yaml.safe_dump(small), encoding="utf-8")
    return path


@pytest.mark.nightly
@pytest.mark.parametrize("shape", SHAPES)
def test_smoke_runs_on_a_small_site(shape: str, own_site: OwnSite, here: Checkout, tmp_path: Path) -> None:
    sections, lacking = SHAPES[shape]
    own_site.simulator("up")
    ended = here.run(
        "smoke",
        *("--site", str(small_site(own_site.state_dir / "site.yaml", tmp_path, sections))),
        env={"FOCUS_RUN_ID": f"small-{shape.replace(' ', '-')}"},
    )
    assert ended.code == 0, ended.out + ended.err
    output = here.root / "results" / "runs" / f"small-{shape.replace(' ', '-')}" / "output.xml"
    tests = list(ExecutionResult(output).suite.all_tests)
    skipped = {test.message for test in tests if test.skipped}
    assert {test.status for test in tests} == {"PASS", "SKIP"}
    reasons = [re.search(r"Site lab has no (.+) by design", message) for message in skipped]
    assert all(reasons), skipped
    assert {word for found in reasons if found for word in re.findall(r"[a-z]+", found[1])} <= {*lacking, "and", "no"}
