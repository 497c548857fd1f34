"""`run.py rerun`: the failed tests of the last run again; the merged report shows both attempts."""

from __future__ import annotations

from pipeline import console
from pipeline.run import folders as runs
from pipeline.run import lanes, site


def main(command: str, args: list[str]) -> int:
    """On the last run's site unless `--site` says otherwise. Nothing to do is success."""
    last = runs.latest()
    first = last.folder / "output.xml"
    failed = lanes.failed_tests(first)
    if not failed:
        console.say(f"The last run ({last.id}) has no failed test: nothing to run again.")
        return 0
    name, rest = site.take_option(["--site", last.site, *args])
    plan = lanes.Plan(command, name, ["--rerunfailed", str(first), *rest, *last.sources])
    return lanes.run(plan, merge_into=first)
