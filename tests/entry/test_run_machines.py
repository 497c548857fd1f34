"""Shards on machines of their own, which have in common nothing but the site: who may disturb whom."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from focus_core.run import reservation
from focus_core.run.reservation import Leases
from focus_core.site import loader as site_loader
from focus_core.site import simulator_process
from focus_core.site.model import Site, StartOptions
from support.checkout import ROOT, Checkout, Ended, folder_of, remote_shaped, wait_for

from pipeline.ci import plan as plans
from pipeline.results import reading
from pipeline.results.model import Verdict

pytestmark = pytest.mark.nightly

BESIDE = """\
*** Settings ***
Resource       focus.resource
Suite Setup    Open Site    kubernetes
Suite Teardown    Close Site

*** Test Cases ***
{name} One
    Sleep    3s

{name} Two
    Sleep    3s
"""
SUITES = {
    "beside_one": BESIDE.format(name="First"),
    "beside_two": BESIDE.format(name="Second"),
    "alone": BESIDE.format(name="Alone").replace("Suite Setup", "Test Tags      exclusive\nSuite Setup"),
}
CRITICAL = BESIDE.format(name="Critical").replace(
    "Critical One\n", "Critical One\n    [Tags]    critical\n    Fail    nothing answers\n\nBefore\n"
)


@dataclass(frozen=True)
class Machine:
    """A user with a state folder of their own, which is what makes another machine for a site."""

    checkout: Checkout
    site: Path
    environment: dict[str, str]

    def start(self, *args: str, run_id: str = "") -> subprocess.Popen[str]:
        own = {"FOCUS_SITE": str(self.site), **({"FOCUS_RUN_ID": run_id} if run_id else {})}
        return self.checkout.start(*args, env=self.environment | own)

    def run(self, *args: str, run_id: str = "") -> Ended:
        return ended(self.start(*args, run_id=run_id))


@pytest.fixture(scope="module")
def site_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    state = tmp_path_factory.mktemp("shared") / "state"
    try:
        yield simulator_process.up(StartOptions(auto_stop_minutes=10, state_dir=state))
    finally:
        simulator_process.run(simulator_process.command("down", state_dir=state))


@pytest.fixture
def machine(site_up: Path, here: Checkout, tmp_path: Path) -> Callable[[str], Machine]:
    site = remote_shaped(site_up, tmp_path)
    with site.open("a", encoding="utf-8") as file:
        file.write("reserve: lease\n")

    def make(name: str) -> Machine:
        return Machine(here, site, {"LOGNAME": name, "XDG_STATE_HOME": str(tmp_path / name)})

    return make


@pytest.fixture
def folder(run_id: str) -> Path:
    """Of suites; below results, where git does not see them and the clean-up of `run_id` finds them."""
    made = ROOT / "results" / "machines" / run_id
    made.mkdir(parents=True)
    return made


def test_no_exclusive_suite_overlaps_another_shard_or_another_run(
    machine: Callable[[str], Machine], folder: Path, run_id: str
) -> None:
    write(folder, SUITES)
    one, two, other = machine("one"), machine("two"), machine("other")
    plan = planned(one, folder, run_id, shards=2)
    assert [shard.last for shard in plan.shards] == [False, False, True]
    strange = ("suites", str(folder / "alone.robot"))

    beside = [one.start("ci", "run", "--shard", "1"), two.start("ci", "run", "--shard", "2")]
    for shard in plan.shards[:2]:
        wait_for(shard.name, (plan.folder / shard.name / "attempt-1" / "pabot.log").exists)
    refused(other.run(*strange), run_id)
    assert [one.sentence for one in map(ended, beside) if one.code] == []

    # Between the phases nobody runs, and the site is not free nevertheless.
    meanwhile = other.start(*strange)
    assert two.run("ci", "run", "--shard", "3").code == 0
    refused(ended(meanwhile), run_id)

    after = other.run(*strange)
    assert after.code == 0, after.err
    results = [plan.folder / shard.name / "attempt-1" for shard in plan.shards]
    own = [spans_of(path / "output.xml") for path in results]
    foreign = spans_of(folder_of(after.out) / "output.xml")
    assert [len(tests) for tests in (*own, foreign)] == [2, 2, 2, 2]
    assert overlapping(own[0], own[1]), "the shards ran one after the other, so nothing was shown"
    assert not overlapping(own[2], [*own[0], *own[1], *foreign])
    assert not overlapping(foreign, [*own[0], *own[1], *own[2]])


def test_a_critical_failure_ends_the_shards_of_other_machines(
    machine: Callable[[str], Machine], folder: Path, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = "".join(f"\nLater {number}\n    Sleep    3s\n" for number in range(9))
    write(folder, {"first": CRITICAL, "second": BESIDE.format(name="Second") + later})
    here = machine("here")
    plan = planned(here, folder, run_id, shards=2)
    critical, slow = sorted(plan.shards, key=lambda shard: not shard.suites[0].critical)
    site = site_loader.read(str(here.site))
    assert isinstance(site, Site)
    lease = Leases.of_site(site)
    monkeypatch.setattr(reservation, "run_id", lambda: run_id)

    process = here.start("ci", "run", "--shard", str(slow.number))
    wait_for("the hold of the run", lambda: (hold := lease.read()) and hold.run == run_id)
    lease.stop(1, "Suites.Elsewhere.Broken")  # as another machine does whose critical test failed
    assert ended(process).code == 0
    results = reading.read_one(plan.folder / slow.name / "attempt-1" / "output.xml")
    last = next(test for test in results.tests if test.name == "Later 8")
    assert (last.verdict, last.reason) == (Verdict.NOT_RUN, "A critical test failed: Suites.Elsewhere.Broken.")

    assert here.run("ci", "run", "--shard", str(critical.number), "--attempt", "2").code == 0
    hold = lease.read()
    assert hold
    assert hold.stops["2"].endswith("First.Critical One")


def write(folder: Path, suites: dict[str, str]) -> None:
    for name, text in suites.items():
        (folder / f"{name}.robot").write_text(text, encoding="utf-8")


def planned(machine: Machine, folder: Path, run_id: str, *, shards: int) -> plans.Plan:
    made = machine.run("ci", "plan", "--shards", str(shards), str(folder), run_id=run_id)
    assert made.code == 0, made.err
    return plans.read(ROOT / "results" / "ci" / run_id / plans.NAME)


def ended(process: subprocess.Popen[str]) -> Ended:
    out, err = process.communicate(timeout=600)
    return Ended(process.returncode, out, err)


def refused(run: Ended, holder: str) -> None:
    assert run.code == 252, run.out
    assert f"is reserved by run {holder} of " in run.sentence
    assert "that run still goes on" in run.sentence


Interval = tuple[datetime, datetime]


def spans_of(output: Path) -> list[Interval]:
    """When each test began and ended."""
    attempts = [test.attempts[-1] for test in reading.read_one(output).tests]
    begins = [(datetime.fromisoformat(one.start), one.seconds) for one in attempts]
    return [(begin, begin + timedelta(seconds=seconds)) for begin, seconds in begins]


def overlapping(some: list[Interval], others: list[Interval]) -> list[tuple[Interval, Interval]]:
    return [(one, other) for one, other in product(some, others) if one[0] < other[1] and other[0] < one[1]]
