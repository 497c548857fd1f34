"""run.py with a simulated site of its own. Long: part of 'run.py test --all'."""

import re

import pytest
from support.checkout import Checkout, OwnSite, interrupt, wait_for

pytestmark = pytest.mark.nightly


def passed(out: str) -> int:
    match = re.search(r"(\d+) passed, 0 failed", out)
    assert match, out
    return int(match.group(1))


def test_two_smoke_runs_at_once_on_one_site(here: Checkout, own_site: OwnSite) -> None:
    both = [here.start("smoke", "--site", str(own_site.file)) for _ in range(2)]
    ended = [process.communicate(timeout=400) for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    assert [passed(out) >= 30 for out, _ in ended] == [True, True]


def test_ctrl_c_during_smoke_leaves_a_site_that_the_next_run_can_use(here: Checkout, own_site: OwnSite) -> None:
    process = here.start("smoke", "--site", str(own_site.file))
    wait_for("the site", lambda: own_site.is_up)
    stopped = interrupt(process)
    assert stopped.code == 253
    assert "Stopped with Ctrl-C" in stopped.sentence
    again = here.run("smoke", "--site", str(own_site.file))
    assert again.code == 0, again.out + again.err


def test_ctrl_c_while_the_site_starts_leaves_nothing_running(here: Checkout, own_site: OwnSite) -> None:
    process = here.start("smoke", "--site", str(own_site.file))
    wait_for("the start of the site", lambda: len(own_site.processes) > 1)
    stopped = interrupt(process)
    assert stopped.code == 253
    assert not own_site.is_up
    assert own_site.processes == []
