"""Makes Tests in Xray for local scenarios, and keeps their keys in variables/xray_created.yaml."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.xray import keys
from pipeline.xray.api import Api, in_pieces
from pipeline.xray.client import InDoubtError, NotDoneError, RefusedError, XrayError
from pipeline.xray.delivery import ASK_AGAIN_AFTER_S
from pipeline.xray.settings import Settings
from pipeline.xray.spool import Spool

MOST = 1000
PAGE = 100
LABEL = "focus-scenario-"
# A job of a thousand Tests takes minutes.
LOOKS, PAUSE_S = 120, 5.0
BUSY_ATTEMPTS = 10


@dataclass(frozen=True)
class Scenario:
    """A local scenario: its key, its title, the ids of the tests that show it."""

    key: str
    title: str
    tests: tuple[str, ...]


class Creator:
    """Makes Tests in bulk. Each bears a label of its scenario: what a killed creation made is found, not made twice."""

    def __init__(self, api: Api, spool: Spool, settings: Settings, sleep: Callable[[float], None] = time.sleep) -> None:
        self._api = api
        self._settings = settings
        self._sleep = sleep
        self._started = spool.folder / "creating.json"

    def create(self, scenarios: Sequence[Scenario]) -> dict[str, str]:
        """The new key of each scenario, kept in the file as soon as it is known."""
        wanted = {one.key: one for one in scenarios}
        if not wanted:
            return {}
        found = self._find(list(wanted), doubt=self._started.exists())
        keys.keep_created(found)
        self._started.unlink(missing_ok=True)
        missing = [one for key, one in wanted.items() if key not in found]
        for some in in_pieces(missing, MOST):
            new = self._make(some)
            keys.keep_created(new)
            self._started.unlink(missing_ok=True)
            found |= new
        return found

    def _make(self, scenarios: Sequence[Scenario]) -> dict[str, str]:
        keys.replace_json(self._started, [one.key for one in scenarios])
        try:
            job = self._start([self._test(one) for one in scenarios])
        except InDoubtError:
            found = self._find([one.key for one in scenarios], doubt=True)
            if len(found) < len(scenarios):
                raise XrayError("Xray did not answer while Tests were made: try again in some minutes.") from None
            return found
        except (NotDoneError, RefusedError):
            self._started.unlink(missing_ok=True)
            raise
        for _ in range(LOOKS):
            state = self._api.job(job)
            if state.done:
                new = {scenarios[at].key: key for at, key in state.keys.items()}
                keys.keep_created(new)
                if state.errors:
                    self._started.unlink(missing_ok=True)
                    raise RefusedError(
                        f"Xray did not make {len(state.errors)} Tests, the first because of {state.errors[0]}."
                    )
                return new
            self._sleep(PAUSE_S)
        raise NotDoneError(f"Xray's job {job} has not ended after {LOOKS * PAUSE_S:.0f} s: try again later.")

    def _start(self, tests: list[dict[str, Any]]) -> str:
        """One job of a user runs at a time: another one is waited for."""
        for attempt in range(BUSY_ATTEMPTS):
            try:
                return self._api.start_job(tests)
            except RefusedError as error:
                if "with 400" not in str(error) or "job" not in str(error).lower() or attempt == BUSY_ATTEMPTS - 1:
                    raise
            self._sleep(PAUSE_S)
        raise AssertionError("unreachable")

    def _find(self, local: Sequence[str], *, doubt: bool) -> dict[str, str]:
        """The Tests that were made for these scenarios, asked for three times where some may just have been made."""
        found: dict[str, str] = {}
        for pause in ASK_AGAIN_AFTER_S if doubt else ASK_AGAIN_AFTER_S[:1]:
            if pause:
                self._sleep(pause)
            missing = [key for key in local if key not in found]
            for some in in_pieces(missing, PAGE):
                labels = self._api.labelled(label(key) for key in some)
                found |= {key: labels[label(key)].key for key in some if label(key) in labels}
            if len(found) == len(local):
                break
        return found

    def _test(self, scenario: Scenario) -> dict[str, Any]:
        fields = {
            "summary": scenario.title,
            "project": {"key": self._settings.project},
            "labels": [label(scenario.key)],
            "description": "Automated: " + ", ".join(scenario.tests),
        }
        return {"testtype": "Generic", "unstructured_def": scenario.tests[0], "fields": fields}


def label(key: str) -> str:
    return LABEL + key


def scenarios(tests: Mapping[str, tuple[str, tuple[str, ...]]], created: Mapping[str, str]) -> list[Scenario]:
    """The local scenarios without a Test. `tests`: id -> name and tags of each automated test."""
    found: dict[str, Scenario] = {}
    for id_, (name, tags) in tests.items():
        of_test = keys.of_tags(tags, created)
        for key in of_test.local:
            known = found.get(key)
            found[key] = Scenario(key, known.title if known else name, (*(known.tests if known else ()), id_))
    return list(found.values())
