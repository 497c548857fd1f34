"""Tests for local scenarios are made once, and their keys are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fake_xray import CLIENT_ID, CLIENT_SECRET, FakeXray, Fault
from support.xray_publisher import PLACES, Steps

from pipeline.xray import creating, keys, settings
from pipeline.xray.api import Api
from pipeline.xray.client import Client, RefusedError, XrayError
from pipeline.xray.creating import Creator
from pipeline.xray.settings import Credentials
from pipeline.xray.spool import Spool

TESTS = {
    "suites/a.robot::One": ("One", ("PZ-N901",)),
    "suites/a.robot::Two": ("Two", ("PZ-N901",)),
    "suites/a.robot::Three": ("Three", ("PZ-N902",)),
    "suites/a.robot::Four": ("Four", ("PZ-90001",)),
}


def create(fake: FakeXray) -> dict[str, str]:
    chosen = settings.load()
    spool = Spool(chosen.state_folder)
    with spool.locked():
        api = Api(Client(chosen, Credentials(CLIENT_ID, CLIENT_SECRET)))
        return Creator(api, spool, chosen, fake.advance).create(creating.scenarios(TESTS, keys.created()))


def made(fake: FakeXray) -> list[str]:
    return sorted(label for one in fake.tests.values() for label in one["labels"])


def test_each_scenario_gets_one_test_and_its_key_is_kept(fake: FakeXray, created: Path) -> None:
    found = create(fake)
    assert made(fake) == ["focus-scenario-PZ-N901", "focus-scenario-PZ-N902"]
    assert keys.created() == found
    assert created.read_text().startswith("# made by tests\nPZ-N901: PZ-5")
    assert fake.tests[found["PZ-N901"]]["summary"] == "One"
    assert create(fake) == {}


def test_another_job_of_this_user_is_waited_for(fake: FakeXray, created: Path) -> None:
    fake.faults.append(Fault("bulk", 400, text="A job to import tests is already in progress"))
    assert len(create(fake)) == 2
    assert len(keys.created(created)) == 2


def test_a_refusal_is_reported_and_makes_nothing(fake: FakeXray, created: Path) -> None:
    fake.faults.append(Fault("bulk", 400, text="summary is required"))
    with pytest.raises(RefusedError, match="summary is required"):
        create(fake)
    assert keys.created(created) == {}


@pytest.mark.parametrize("silent", [True, False])
def test_a_job_in_doubt_is_looked_for_before_another_one_starts(fake: FakeXray, created: Path, silent: bool) -> None:
    fake.faults.append(Fault("bulk", after=True, silent=silent))
    assert len(create(fake)) == 2
    assert len(made(fake)) == 2
    assert len(keys.created(created)) == 2


def test_a_job_that_never_began_is_reported(fake: FakeXray, created: Path) -> None:
    fake.faults.append(Fault("bulk", 502))
    with pytest.raises(XrayError, match="try again"):
        create(fake)
    assert len(create(fake)) == 2
    assert len(keys.created(created)) == 2


@pytest.mark.nightly
def test_a_creation_killed_at_any_step_makes_no_test_twice(
    fake: FakeXray, created: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def stop() -> None:
        raise Killed

    for step in range(1, 60):
        for key in [key for key, one in fake.tests.items() if one["labels"]]:
            del fake.tests[key]
        fake.jobs.clear()
        created.write_text("{}\n")
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / f"state{step}"))
        steps = Steps(step, stop)
        with pytest.MonkeyPatch.context() as patch:
            for place, name in PLACES:
                patch.setattr(place, name, steps.around(getattr(place, name)))
            try:
                create(fake)
            except Killed:
                pass
            else:
                assert step > 10
                return
        create(fake)
        assert len(made(fake)) == 2
        assert len(keys.created()) == 2
    raise AssertionError("more than 60 steps")
