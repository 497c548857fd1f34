"""From a site's name to the validated site. ``python -m focus_core.site.loader NAME`` checks a site file."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from focus_core.base.errors import BenchError, SiteFileError
from focus_core.site import cache, secrets, simulator_process
from focus_core.site.model import Part, SecretRef, Site, SiteToStart, in_home

SITES = Path(__file__).resolve().parents[3] / "variables" / "sites"
DEFAULT_SITE = "simulated"
# Robot Framework's meaning of "bad data or options".
EXIT_BAD_DATA = 252


def chosen_name() -> str:
    """The site that the environment chooses: ``FOCUS_SITE``, else the simulated one."""
    return os.environ.get("FOCUS_SITE") or DEFAULT_SITE


def load(name: str) -> Site:
    """The validated site; the simulated one is started, or found when it is already up.

    ``name`` is a name below ``variables/sites`` or the path of a YAML file. Raises ``SiteFileError`` with one sentence:
    file, key, value, what is allowed; ``BenchError`` when the simulated site does not start.
    """
    site = read(name)
    if isinstance(site, SiteToStart):
        site = read(str(simulator_process.up(site.start)))
    if isinstance(site, SiteToStart):
        raise SiteFileError("The simulated site wrote a short site file; it has to write a whole one.")
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


def check_secrets(site: Part) -> None:
    """Reads every secret of the site once. Raises ``SecretMissingError`` for the first that is not there."""
    for ref in _secret_refs(site):
        secrets.reveal(ref)


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


def _secret_refs(part: object) -> Iterator[SecretRef]:
    if isinstance(part, SecretRef):
        yield part
    elif isinstance(part, Part):
        for value in vars(part).values():
            yield from _secret_refs(value)
    elif isinstance(part, list):
        for item in part:
            yield from _secret_refs(item)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
