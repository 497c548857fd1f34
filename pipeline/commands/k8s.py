"""`run.py k8s`: a run in shards as pods of a Kubernetes cluster."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from focus_core.site import loader as site_loader
from focus_core.site.model import Site

from pipeline import command_line, console
from pipeline.ci import plan as plans
from pipeline.ci.plan import Plan
from pipeline.commands import ci, ci_shards, ci_verdict
from pipeline.errors import INTERRUPTED, RunError
from pipeline.k8s import driving, fetching, manifests, submitted
from pipeline.k8s.kubectl import Cluster
from pipeline.k8s.manifests import Manifests
from pipeline.k8s.submitted import Submitted
from pipeline.results import stamp
from pipeline.run import site
from pipeline.run.site import ChosenSite

_RUN_CODES = """\
exit code: 0 all gates are green, 1 one is red, 252 wrong options,
or a shard delivered nothing, 253 stopped with Ctrl-C"""


def add_options(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(metavar="STEP", title="steps", required=True)
    setting_up = command_line.add_step(steps, "setup", "make once what runs need: namespace, accounts, volume", set_up)
    _add_place(setting_up)
    running = command_line.add_step(steps, "run", "run shards as pods, collect their results, judge them", run)
    ci.add_selection(running)
    _add_place(running)
    command_line.add_yes(running)
    running.add_argument("--no-stop-on-critical", action="store_true", help="go on when a critical test has failed")
    command_line.pass_on(running, "pabot and robot", "--exclude slow suites/api", _RUN_CODES)
    logs_ = command_line.add_step(steps, "logs", "what the pods of a run have printed", logs)
    _add_run(logs_)
    logs_.add_argument("--shard", type=command_line.count, metavar="N", help="of this shard alone")
    collecting = command_line.add_step(steps, "collect", "wait for a run, bring its results, judge them", collect)
    _add_run(collecting)
    cancelling = command_line.add_step(steps, "cancel", "end a run and remove it from the cluster", cancel)
    _add_run(cancelling)


def main(options: argparse.Namespace) -> int:
    step: Callable[[argparse.Namespace], int] = options.step
    return step(options)


def set_up(options: argparse.Namespace) -> int:
    """Make the objects that outlive runs."""
    place = _place(options)
    driving.set_up(place.cluster, place.manifests)
    console.say(f"Namespace {place.cluster.namespace} has what runs need (overlay {place.overlay}).")
    return 0


def run(options: argparse.Namespace) -> int:
    """Plan, submit, follow, collect, judge; the exit code is that of the gate, 252 when a shard delivered nothing."""
    place = _place(options)
    if place.site.simulated and not options.context:
        driving.set_up(place.cluster, place.manifests)
    else:
        driving.check_set_up(place.cluster, place.manifests, place.overlay)
    plan = ci_shards.make(options)
    if not place.site.simulated and stamp.make("", "", "", simulated=False).local_changes:
        console.complain("This checkout has changes that are not committed: the image has none of them.")
    disruptive = sum("disruptive" in test.tags for test in plan.tests)
    site.confirm_disruption(str(place.site.file), disruptive, options.yes)
    handed = Submitted(plan.run_id, place.cluster, place.overlay, options.image)
    handed.save()
    # The question was asked here; a pod has nobody to ask.
    args = ["--yes", *(["--no-stop-on-critical"] if options.no_stop_on_critical else [])]
    with question_at_ctrl_c(handed):
        driving.submit(handed, plan, place.site.file, args)
        console.say(f"submitted as {handed.name} to namespace {place.cluster.namespace}")
    return _to_its_end(handed, plan)


def logs(options: argparse.Namespace) -> int:
    """Print the logs of the newest pod of each shard, or of one of them."""
    handed = submitted.find(options.run)
    phases = driving.look(handed, plans.read(handed.plan_file))
    pods = [one.pod for phase in phases for one in phase.shards if one.pod and options.shard in (None, one.shard)]
    if not pods:
        raise RunError(f"The cluster has no such pod of run {handed.run_id}: it has not begun, or it was removed.")
    for pod in pods:
        if subprocess.run(handed.cluster.command("logs", pod, "--prefix"), check=False).returncode:
            raise RunError(f"The log of pod {pod} cannot be read: 'kubectl describe pod' shows its state.")
    return 0


def collect(options: argparse.Namespace) -> int:
    """Wait until all shards have ended, bring and judge the results."""
    handed = submitted.find(options.run)
    return _to_its_end(handed, plans.read(handed.plan_file))


def cancel(options: argparse.Namespace) -> int:
    """End the run's pods."""
    handed = submitted.find(options.run)
    driving.cancel(handed)
    console.say(_ends(handed))
    return 0


def _to_its_end(handed: Submitted, plan: Plan) -> int:
    with question_at_ctrl_c(handed):
        phases = driving.follow(handed, plan)
    driving.report_failures(handed, phases)
    with fetching.collector(handed) as helper:
        helper.fetch(plan.folder)
        code = ci_shards.gather(plan, plan.folder)
        if not code:
            helper.remove()
    red = ci_verdict.judge(plan.run_id)
    return code or red


@contextmanager
def question_at_ctrl_c(handed: Submitted) -> Iterator[None]:
    """The run is the cluster's: whoever stops this command may want it to go on."""
    try:
        yield
    except KeyboardInterrupt:
        if _shall_end():
            driving.cancel(handed)
            console.say(_ends(handed))
        else:
            console.say(f"Run {handed.run_id} goes on; 'python run.py k8s collect {handed.run_id}' waits for it.")
        sys.exit(INTERRUPTED)


def _shall_end() -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        return True
    console.say("End the run on the cluster too? [Y/n]")
    try:
        return sys.stdin.readline().strip().lower() not in ("n", "no")
    except KeyboardInterrupt:
        return True


def _ends(handed: Submitted) -> str:
    return f"Run {handed.run_id} ends; 'python run.py k8s collect {handed.run_id}' brings what it has so far."


@dataclass(frozen=True)
class _Place:
    """The tested site, and where its tests run."""

    site: ChosenSite
    cluster: Cluster
    overlay: str
    manifests: Manifests


def _place(options: argparse.Namespace) -> _Place:
    """The chosen site, of which only a simulated one is started, and the cluster: by default the site's own."""
    name = site.chosen_name(options.site)
    chosen = site.look_up(name)
    if chosen.simulated:
        chosen = site.open_site(name)
    overlay = options.overlay or ("simulated" if chosen.simulated else "real")
    made = manifests.render(overlay, namespace=options.namespace, image=options.image)
    kubeconfig, context = ("", options.context) if options.context else _own_cluster(chosen)
    return _Place(chosen, Cluster(kubeconfig, context, made.namespace), overlay, made)


def _own_cluster(chosen: ChosenSite) -> tuple[str, str]:
    """Kubeconfig and context of the site; nothing, so that kubectl chooses, where its file has none."""
    found = site_loader.read(str(chosen.file))
    if isinstance(found, Site) and "kubernetes" in found.capabilities and found.kubernetes.kubeconfig:
        return str(found.kubernetes.kubeconfig), found.kubernetes.context or ""
    return "", ""


def _add_place(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)
    parser.add_argument(
        "--context", default="", metavar="NAME", help="a context of your kubeconfig (default: the site's own cluster)"
    )
    parser.add_argument("--namespace", default="", metavar="NAME", help="where the pods run (default: the overlay's)")
    parser.add_argument(
        "--overlay",
        default="",
        metavar="NAME|FOLDER",
        help="in deploy/overlays, or a folder of your own (default: simulated, or real)",
    )
    parser.add_argument("--image", default="", metavar="REFERENCE", help="of the suites (default: the overlay's)")


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run", nargs="?", default="latest", metavar="RUN", help="a run's id, its beginning, or latest (the default)"
    )
