"""A run on the cluster: submitted, followed to its end, cancelled."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from pipeline import console
from pipeline.ci.plan import Plan
from pipeline.errors import RunError
from pipeline.k8s import manifests, state, submitted
from pipeline.k8s.kubectl import Cluster, NoAnswerError, NotThereError
from pipeline.k8s.manifests import Manifests
from pipeline.k8s.state import PhaseState
from pipeline.k8s.submitted import Submitted

PERIOD_S = 2.0
# A line at least so often, so that nobody takes a long run for a hanging one.
SHOWN_S = 30.0
# How long the API may be away while a run goes on: its pods go on without it.
AWAY_S = 180.0
# Without them no pod of a run starts.
NEEDED = ("ServiceAccount", "PersistentVolumeClaim")


def set_up(cluster: Cluster, made: Manifests) -> None:
    """Make what a cluster needs once, or bring it up to date."""
    first = [one for one in made.standing if one["kind"] == "Namespace"]
    if first:
        cluster.apply(first)
    cluster.apply([one for one in made.standing if one["kind"] != "Namespace"])


def check_set_up(cluster: Cluster, made: Manifests, overlay: str) -> None:
    """Raises RunError when `set_up` was never there."""
    for one in made.standing:
        if one["kind"] not in NEEDED:
            continue
        what = f"{one['kind'].lower()}/{one['metadata']['name']}"
        try:
            cluster.ask("get", what, "--output=name")
        except NotThereError:
            raise RunError(
                f"Namespace {made.namespace} has no {what}: make all that a run needs once, with 'python run.py k8s "
                f"setup --overlay {overlay}'."
            ) from None


def submit(run: Submitted, plan: Plan, site_file: Path, args: Sequence[str]) -> None:
    """Make the run's objects and let the first phase begin; `args` go to 'ci run' of each shard."""
    try:
        _submit(run, plan, site_file, args)
    except RunError:
        with suppress(RunError):  # the first refusal is the one to report
            cancel(run)
        raise


def _submit(run: Submitted, plan: Plan, site_file: Path, args: Sequence[str]) -> None:
    made = run.render()
    jobs = [manifests.phase_job(made, run.run_id, one, len(plan.shards), args) for one in submitted.phases(plan)]
    run.cluster.apply(jobs)
    owner = run.cluster.objects(f"job/{jobs[0]['metadata']['name']}")[0]
    files = {
        "plan.json": run.plan_file.read_text(encoding="utf-8"),
        "site.yaml": site_file.read_text(encoding="utf-8"),
    }
    run.cluster.apply([manifests.inputs(made, run.run_id, files, owner)])
    begin(run, jobs[0]["metadata"]["name"])


def begin(run: Submitted, job: str) -> None:
    run.cluster.ask("patch", f"job/{job}", "--type=merge", '--patch={"spec":{"suspend":false}}')


def look(run: Submitted, plan: Plan) -> list[PhaseState]:
    """How far each phase is now."""
    found = run.cluster.objects("jobs,pods", run.selector)
    jobs = {one["metadata"]["name"]: one for one in found if one["kind"] == "Job"}
    pods = [one for one in found if one["kind"] == "Pod"]
    return [state.of_phase(phase, jobs.get(run.job_name(phase)), pods) for phase in submitted.phases(plan)]


def follow(
    run: Submitted, plan: Plan, wait: Callable[[float], None] = time.sleep, now: Callable[[], float] = time.monotonic
) -> list[PhaseState]:
    """Show how far the shards are, until all have ended; the last phase begins when the others are done."""
    began, answered, shown, before = now(), now(), 0.0, ""
    while True:
        try:
            phases = look(run, plan)
            for one in ready(phases):
                begin(run, run.job_name(one.phase))
            answered = now()
        except NoAnswerError as error:
            if now() - answered > AWAY_S:
                raise
            phases = []
            console.complain(f"{error} It is asked again.")
        text = state.line(phases)
        if text and (text != before or now() - shown >= SHOWN_S):
            console.say(f"{_clock(now() - began)}  {text}")
            before, shown = text, now()
        if phases and all(one.ended for one in phases):
            return phases
        wait(PERIOD_S)


def ready(phases: Sequence[PhaseState]) -> list[PhaseState]:
    """The suspended phase whose turn it is: all before it have ended."""
    for one in phases:
        if not one.ended:
            return [one] if one.suspended else []
    return []


def report_failures(run: Submitted, phases: Sequence[PhaseState]) -> None:
    """A sentence on each shard that has failed for good, with what its pod wrote last."""
    for phase in phases:
        for one in phase.failed:
            console.complain(f"Shard {one.shard} has failed for good: {_last_words(run, one.pod) or phase.ended}")


def _last_words(run: Submitted, pod: str) -> str:
    try:
        words = run.cluster.ask("logs", pod, "--tail=1").strip() if pod else ""
    except RunError:
        return ""  # its node may be gone
    return words.removeprefix("run.py: ")


def cancel(run: Submitted) -> None:
    """Remove the run's Jobs, which ends their pods; each still writes its results."""
    run.cluster.ask("delete", "jobs,configmaps", run.selector, "--cascade=background", "--wait=false")


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
