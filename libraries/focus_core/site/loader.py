"""From a site's name to the validated site. ``python -m focus_core.site.loader NAME`` checks a site file."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from focus_core.base import project
from focus_core.base.errors import BenchError, SecretMissingError, SiteFileError
from focus_core.site import cache, secrets, simulator_process
from focus_core.site.model import Part, SecretRef, Site, SiteToStart, in_home

SITES = project.VARIABLES / "sites"
DEFAULT_SITE = "simulated"
# Robot Framework's meaning of "bad data or options".
EXIT_BAD_DATA = 252


def chosen_name() -> str:
    """The site that the environment chooses: ``FOCUS_SITE``, else the simulated one."""
    return os.environ.get("FOCUS_SITE") or DEFAULT_SITE


def load(name: str) -> Site:
    """The validated site, its secrets registered; the simulated one is started, or found when it is already up.

    ``name`` is a name below ``variables/sites`` or the path of a YAML file. Raises ``SiteFileError`` with one sentence:
    file, key, value, what is allowed; ``BenchError`` when the simulated site does not start.
    """
    site = read(name)
    if isinstance(site, SiteToStart):
        site = read(str(simulator_process.up(site.start)))
    if isinstance(site, SiteToStart):
        raise SiteFileError("The simulated site wrote a short site file; it has to write a whole one.")
    register_secrets(site)
    return site


def running(name: str) -> Site:
    """As ``load``, but starts nothing: a simulated site that is not up raises ``BenchError``."""
    site = read(name)
    if isinstance(site, SiteToStart):
        file = simulator_process.running_site(site.start.state_dir)
        site = read(str(file)) if file else site
    if isinstance(site, SiteToStart):
        raise BenchError("The simulated site is not up; start it with 'python run.py site up'.")
    register_secrets(site)
    return site


def read(name: str) -> Site | SiteToStart:
    """Reads and validates a site file and touches nothing else."""
    path = find(name)
    site = cache.recall(path)
    if site is None:
        from focus_core.site import validation

        site = validation.validate(path)
        cache.remember(path, site)
    return site


def find(name: str) -> Path:
    """The site file that ``name`` means. Raises ``SiteFileError`` that lists the known sites."""
    is_path = name.endswith((".yaml", ".yml")) or os.sep in name
    path = in_home(name) if is_path else SITES / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in SITES.glob("*.yaml")))
        raise SiteFileError(f"There is no site '{name}'; choose one of {known}, or the path of a YAML file.")
    return path


def agree(one: str, other: str) -> bool:
    """Whether two names mean the same site: the same file, or two files of one server. Starts nothing.

    A site that is still to be started is the same as a simulated one of its name.
    """
    if find(one).resolve() == find(other).resolve():
        return True
    first, second = read(one), read(other)
    if isinstance(first, Site) and isinstance(second, Site):
        return (first.name, first.focus.url) == (second.name, second.focus.url)
    return (first.name, first.simulated) == (second.name, second.simulated)


def check_secrets(site: Part) -> None:
    """Reads every secret of the site once. Raises ``SecretMissingError`` for the first that is not there."""
    for _, ref in _leaves(site):
        if isinstance(ref, SecretRef):
            secrets.reveal(ref)


def register_secrets(site: Part) -> None:
    """Blanks every secret of the site that is there from now on, and lets an answer that shows it be found.

    What the site file itself holds in clear (a password that is the name of the database) is found everywhere and is
    only blanked. A secret that is missing is reported by whoever needs it.
    """
    leaves = list(_leaves(site))
    in_clear = [value for _, value in leaves if isinstance(value, str)]
    for key, ref in leaves:
        if isinstance(ref, SecretRef):
            with suppress(SecretMissingError):
                value = secrets.reveal(ref)
                if not any(value in text for text in in_clear):
                    secrets.watch(value, key)


def main(arguments: list[str]) -> int:
    """Validates the named (or chosen) site; the exit code is 0, or Robot's 252 after one sentence on stderr."""
    name = arguments[0] if arguments else chosen_name()
    try:
        site = read(name)
        check_secrets(site)
    except BenchError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_BAD_DATA
    sys.stdout.write(f"Site '{site.name}' is valid: {find(name)}\n")
    return 0


def _leaves(part: object, key: str = "") -> Iterator[tuple[str, object]]:
    """Every value of a site and every reference to a secret, with the keys that lead there: ``mongodb.password``."""
    if isinstance(part, Part) and not isinstance(part, SecretRef):
        for name, value in vars(part).items():
            yield from _leaves(value, f"{key}.{name}".lstrip("."))
    elif isinstance(part, list):
        for number, item in enumerate(part):
            yield from _leaves(item, f"{key}.{number}")
    else:
        yield key, part


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
