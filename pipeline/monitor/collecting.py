"""What all pods of a site have logged by now, saved: one file a pod, the errors, and which kinds of lines are new."""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.cluster.client import ClusterClient
from focus_core.logs import monitor, templates
from focus_core.logs.patterns import Patterns
from focus_core.site import secrets, state
from focus_core.site.model import Site

from pipeline.paths import RESULTS

# Beside the folders of runs.
FOLDER = RESULTS / "pod_logs"
ERRORS = "errors.log"


@dataclass(frozen=True)
class Collected:
    """What was found: `errors` counts lines by pod and pattern, `silent` are pods whose log could not be read."""

    folder: Path
    lines: int
    errors: Counter[tuple[str, str]]
    new: list[str]
    silent: list[str]


def collect(site: Site, tail: int) -> Collected:
    """The last `tail` lines of each pod. Raises BenchError when the cluster cannot be asked, OSError for the disk."""
    patterns = Patterns.of_site(site)
    cluster = ClusterClient.of_site(site)
    pods = cluster.pods()
    folder = FOLDER / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{site.name}"
    folder.mkdir(parents=True, exist_ok=True)
    counter, errors, silent, lines = templates.TemplateCounter(), Counter[tuple[str, str]](), list[str](), 0
    with (folder / ERRORS).open("w", encoding="utf-8", errors="backslashreplace") as wrong:
        for pod in pods:
            try:
                logged = cluster.pod_log(pod.name, tail=tail)
            except BenchError as error:
                silent.append(f"{pod.name}: {error}")
                continue
            with (folder / f"{pod.name}.log").open("w", encoding="utf-8", errors="backslashreplace") as file:
                for line in logged:
                    text = secrets.redacted(line.text)
                    file.write(f"{line.time} {text}\n")
                    lines += 1
                    counter.add(_service(pod.name, site), text)
                    pattern = patterns.find(text)
                    if pattern:
                        errors[pod.name, pattern.name] += 1
                        wrong.write(f"{line.time} [{pod.name}] {text}\n")
    secrets.take_leaks()
    new = list[str]()
    with suppress(BenchError):
        new = templates.new(counter.counts, templates.known(state.state_dir(site)))
    content = {"counts": dict(counter.counts.most_common()), "new": new}
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / monitor.TEMPLATES).write_text(text, encoding="utf-8", errors="backslashreplace")
    return Collected(folder, lines, errors, new, silent)


def _service(pod: str, site: Site) -> str:
    """As the monitor names it, so that lines of a run and of a collection compare."""
    if pod.startswith(site.job_prefix):
        return "jobs"
    if pod.startswith("cleanup-job-"):
        return "cleanup_jobs"
    named = ((name, one.name) for name, one in vars(site.workloads).items() if one)
    return next((name for name, prefix in named if pod.startswith(f"{prefix}-")), "others")
