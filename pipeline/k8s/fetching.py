"""Takes a run's results out of the claim: a tar stream of a command in a pod that stands beside them."""

from __future__ import annotations

import os
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline import console
from pipeline.errors import RunError
from pipeline.k8s import manifests
from pipeline.k8s.kubectl import Cluster
from pipeline.k8s.submitted import Submitted

# An image may have to be pulled, and a volume attached.
START_S = 300.0
# A stream through the API server may end early.
TRIES = 3
_LOOK_S = 0.5


class Collector:
    """The helper pod of a run."""

    def __init__(self, run: Submitted, pod: str) -> None:
        self._run = run
        self._pod = pod

    def fetch(self, folder: Path) -> None:
        """Copy what the shards have left into the run's folder, over what was brought before."""
        for left in reversed(range(TRIES)):
            try:
                self._stream(folder)
            except (tarfile.TarError, EOFError, RunError) as error:
                if not left:
                    raise RunError(
                        f"The results of run {self._run.run_id} could not be brought ({error}): try again with "
                        f"'python run.py k8s collect {self._run.run_id}'."
                    ) from None
                console.say("the results did not come whole; once more")
            else:
                return

    def remove(self) -> None:
        """Remove the run's results from the claim."""
        self._run.cluster.ask("exec", self._pod, "--", "sh", "-c", f'rm -rf "$FOCUS_RESULTS/ci/{self._run.run_id}"')

    def _stream(self, folder: Path) -> None:
        where = f'"$FOCUS_RESULTS/ci/{self._run.run_id}"'
        script = f"mkdir -p {where} && tar -cf - -C {where} ."
        command = self._run.cluster.command("exec", self._pod, "--", "sh", "-c", script)
        with tempfile.TemporaryFile() as complaints:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=complaints, start_new_session=os.name != "nt"
            )
            try:
                with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                    # The first releases of Python 3.11 have no filter; the archive is of our own pod.
                    archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _path: member)
                    archive.extractall(folder)  # noqa: S202 - filtered by the line above
            finally:
                process.stdout.close() if process.stdout else None
                code = process.wait()
            complaints.seek(0)
            if code:
                words = complaints.read().decode("utf-8", "replace")
                raise self._run.cluster.refused(words, ("exec",))


@contextmanager
def collector(run: Submitted) -> Iterator[Collector]:
    """A pod beside the results for as long as it is needed."""
    pod = manifests.collector(run.render(), run.run_id)
    name = pod["metadata"]["name"]
    _remove(run.cluster, name)
    run.cluster.apply([pod])
    try:
        _wait(run.cluster, name)
        yield Collector(run, name)
    finally:
        with suppress(RunError):  # it ends by itself
            _remove(run.cluster, name)


def _remove(cluster: Cluster, pod: str) -> None:
    cluster.ask("delete", f"pod/{pod}", "--ignore-not-found", "--wait=true")


def _wait(cluster: Cluster, pod: str) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        found = cluster.objects(f"pod/{pod}")
        phase = found[0].get("status", {}).get("phase") if found else "gone"
        if phase == "Running":
            return
        if phase in ("Failed", "Succeeded", "gone"):
            raise RunError(f"Pod {pod}, which takes out the results, is {phase}: 'kubectl describe pod' shows why.")
        time.sleep(_LOOK_S)
    raise RunError(f"Pod {pod}, which takes out the results, did not start within {START_S:g} s: look at its events.")
