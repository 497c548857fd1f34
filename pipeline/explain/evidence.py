"""What a run left of a failed test, together: its calls, the contract, what pods did and logged, what failed alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from focus_core.logs import entries, journal, monitor, process
from focus_core.logs.attribution import Attribution
from focus_core.run import known_bugs
from focus_core.run.known_bugs import KnownBug

from pipeline.bug.found import Failure
from pipeline.results import clusters, contract_seen
from pipeline.results.model import Verdict

# Lines of pods that are kept of a test; the files of the run have them all.
MOST_LINES = 20


@dataclass(frozen=True)
class PodEvent:
    """Something that happened to a container, or an error that it logged: `at` is an epoch second."""

    at: float
    pod: str
    text: str

    def __str__(self) -> str:
        return f"{self.pod}: {self.text}"


@dataclass(frozen=True)
class Evidence:
    """All that is known. `calls` are those of the test's bundle in their order, `violations` those of the contract at
    operations that the test asked, `changes` what happened to pods while it ran, `errors` what pods logged then,
    `silent` the pods whose log says that they never started. `alike` counts the other tests of the run that failed of
    the same cause, `failed` all others; `passed` those that passed. `monitored` is whether a monitor followed the pods.
    """

    failure: Failure
    calls: tuple[dict[str, Any], ...] = ()
    bugs: tuple[KnownBug, ...] = ()
    violations: tuple[dict[str, Any], ...] = ()
    changes: tuple[PodEvent, ...] = ()
    errors: tuple[PodEvent, ...] = ()
    silent: tuple[str, ...] = ()
    alike: int = 0
    failed: int = 0
    passed: int = 0
    monitored: bool = False

    @property
    def message(self) -> str:
        return self.failure.test.message


def of(failure: Failure) -> Evidence:
    """Read from the run's folder. Raises ResultsError for a file there that cannot be read."""
    test, run = failure.test, failure.run
    own = clusters.key(test.keywords, test.reason)
    others = [one for one in run.of(Verdict.FAILED) if one.id != test.id]
    changes, errors, monitored = _of_pods(failure)
    bundle = failure.bundle
    return Evidence(
        failure,
        calls=tuple(bundle.calls) if bundle else (),
        bugs=tuple(_bugs(failure)),
        violations=tuple(_violations(failure)),
        changes=changes,
        errors=errors,
        silent=tuple(pod["pod"] for pod in bundle.content["pods"] if _never_started(pod)) if bundle else (),
        alike=sum(clusters.key(one.keywords, one.reason) == own for one in others),
        failed=len(others),
        passed=run.passed,
        monitored=monitored,
    )


def _bugs(failure: Failure) -> list[KnownBug]:
    """Those that the run named; else those of the site that show in the message, though they do not explain it all."""
    known = {bug.key: bug for bug in known_bugs.read()}
    if failure.test.bugs:
        return [known.get(key, KnownBug(key, "it is not listed any more")) for key in failure.test.bugs]
    return [bug for bug in known.values() if failure.run.site in bug.sites and bug.explains(failure.test.message)]


def _violations(failure: Failure) -> list[dict[str, Any]]:
    seen = contract_seen.read(failure.folder)
    if seen is None:
        return []
    asked = {what for name, touched in seen.tests.items() if _is_named(name, failure) for what in touched}
    return [one for one in seen.open if any(one["where"].startswith(what) for what in asked)]


def _of_pods(failure: Failure) -> tuple[tuple[PodEvent, ...], tuple[PodEvent, ...], bool]:
    """What happened to pods and what they logged wrong, by the monitor's records; whether there was a monitor."""
    folder = failure.folder / process.FOLDER
    if not (folder / entries.FILE).is_file():
        return (), (), False
    attribution = Attribution(journal.records(folder), monitor.state_of(folder).get("skew") or {})
    own = [time for time in attribution.tests.values() if _is_named(time.name, failure)]
    if not own:
        return (), (), False
    tokens = {time.token for time in own}
    changes, errors = list[PodEvent](), list[PodEvent]()
    for entry in entries.read(folder):
        verdict, at = attribution.of(entry), attribution.at(entry)
        event = PodEvent(at, entry.source.pod or entry.source.service, entry.text)
        # What happens to a pod of the site is of everybody who works at that time.
        if entry.kind == "state" and any(time.covers(at) for time in own):
            changes.append(event)
        elif entry.kind == "line" and entry.severity and tokens & {test.token for test in verdict.tests}:
            errors.append(event)
    return tuple(changes[-MOST_LINES:]), tuple(errors[:MOST_LINES]), True


def _is_named(name: str, failure: Failure) -> bool:
    """Whether a name with its suites is the test's; the top suite depends on the command line."""
    return name == failure.test.long_name or name.endswith(f".{failure.test.long_name}")


def _never_started(pod: dict[str, Any]) -> bool:
    return str(pod["text"]).startswith("(it never started")


def files(failure: Failure) -> list[Path]:
    """What a person opens next, as far as it is there."""
    folder = failure.folder
    wanted = [folder / "log.html", *(folder / name for name in failure.test.evidence), folder / "summary.md"]
    return [path for path in wanted if path.is_file()]
