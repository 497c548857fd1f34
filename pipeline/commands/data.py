"""`run.py data`: makes test data on a site, lists what there is, removes it."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from focus_core.base import profile_names
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Moment, Seconds
from focus_core.base.waiting import WaitTimeout
from focus_core.data import policy, profiles, sets
from focus_core.data.sets import DataSet
from focus_core.site.model import Site

from pipeline import command_line, console
from pipeline.commands.recover import running_site
from pipeline.errors import RunError
from pipeline.run.site import chosen_name

_MOST_SEED = 999_999
_LONGEST = timedelta(days=3650)


def add_options(parser: argparse.ArgumentParser) -> None:
    """One subcommand a deed; without one the sets are listed."""
    parser.set_defaults(step=show, site=None)
    deeds = parser.add_subparsers(metavar="DEED", title="deeds")
    made = command_line.add_step(deeds, "generate", "make what a profile of variables/data asks for", generate)
    made.add_argument("profile", help=f"one of {', '.join(profile_names.names(profiles.FOLDER))}")
    made.add_argument("--seed", type=int, help="the same seed makes the same data (default: by chance)")
    made.add_argument("--lease", type=_time, default=timedelta(days=1), metavar="TIME", help="how long (default 1 day)")
    made.add_argument("--until", type=_moment, metavar="MOMENT", help="recordings end by then (default: before others)")
    command_line.add_site(made)
    command_line.add_site(command_line.add_step(deeds, "list", "the data sets on a site (default)", show))
    removed = command_line.add_step(deeds, "remove", "remove data sets, and nothing else", remove)
    removed.add_argument("names", nargs="*", metavar="SET", help="a name of the list, or its end")
    removed.add_argument("--older", type=_time, metavar="TIME", help="those made longer ago than that, like '2 days'")
    removed.add_argument("--expired", action="store_true", help="those whose lease is over")
    removed.add_argument("--all", action="store_true", help="all, those of runs that go on included")
    command_line.add_site(removed)


def main(options: argparse.Namespace) -> int:
    """What the site or its policy does not allow is a RunError."""
    step: Callable[[argparse.Namespace], int] = options.step
    try:
        return step(options)
    except (BenchError, WaitTimeout, AssertionError) as error:
        raise RunError(str(error)) from None


def generate(options: argparse.Namespace) -> int:
    """Makes a set that stays until its lease is over."""
    profile = profiles.read(options.profile)
    site = _site(options)
    seed = random.randint(0, _MOST_SEED) if options.seed is None else options.seed  # noqa: S311 - no secret
    data, record = sets.make(site, profile, seed=seed, lease=options.lease, until=options.until, before_undo=_say_undo)
    record.forget()
    console.say(f"Made with seed {seed}: {data}")
    console.say(f"'python run.py data remove {data.name}' removes it.")
    return 0


def show(options: argparse.Namespace) -> int:
    """A line for each set."""
    site = _site(options)
    found = sets.found(site)
    for one in found:
        console.say(str(one))
    if not found:
        console.say(f"There are no test data on site {site.name}.")
    return 0


def remove(options: argparse.Namespace) -> int:
    """Removes what is chosen; RunError when nothing was chosen or a name finds nothing."""
    if not all(options.names) or not (options.names or options.older or options.expired or options.all):
        raise RunError("Nothing was chosen: name a set of 'run.py data list', or use --older, --expired or --all.")
    if options.all and (options.names or options.older or options.expired):
        raise RunError(
            "--all chooses every set, so it stands alone: leave it out, or the names, --older and --expired."
        )
    site = _site(options)
    chosen = _chosen(options, sets.found(site))
    for one in reversed(chosen):
        sets.remove(site, one.name)
        console.say(f"Removed {one}")
    if not chosen:
        console.say(f"There is nothing to remove on site {site.name}.")
    return 0


def _say_undo() -> None:
    console.say("What was made so far is removed now; to stop that too leaves it to 'python run.py recover'.")


def _chosen(options: argparse.Namespace, found: list[DataSet]) -> list[DataSet]:
    now = datetime.now(UTC)
    for name in options.names:
        fitting = [one.name for one in found if one.name.endswith(name)]
        if not fitting:
            raise RunError(f"There is no data set '{name}' on the site; 'run.py data list' shows those there are.")
        if len(fitting) > 1:
            raise RunError(f"'{name}' is the end of {len(fitting)} data sets: {', '.join(fitting)}; give more of it.")
    return [
        one
        for one in found
        if options.all
        or any(one.name.endswith(name) for name in options.names)
        or (options.older and now - one.made > options.older)
        or (options.expired and one.until <= now)
    ]


def _site(options: argparse.Namespace) -> Site:
    site = running_site(chosen_name(options.site))
    if site is None:
        raise RunError("The simulated site is not up, so it holds no data; start it with 'python run.py site up'.")
    policy.check(site)
    return site


def _time(text: str) -> timedelta:
    try:
        seconds = float(Seconds.convert(text))
        if seconds <= 0:
            raise ValueError(f"a time is more than nothing, not '{text}'")
        if seconds > _LONGEST.total_seconds():
            raise ValueError(f"a time is at most {_LONGEST.days} days, not '{text}'")
        return timedelta(seconds=seconds)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _moment(text: str) -> Moment:
    try:
        return Moment.convert(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
