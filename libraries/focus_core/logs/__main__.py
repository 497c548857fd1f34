"""`python -m focus_core.logs FOLDER --site FILE`: the monitor of one run, until its stdin ends or a process is gone."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from focus_core.base import tape
from focus_core.base.errors import BenchError
from focus_core.logs import accounts, monitor
from focus_core.site import loader


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m focus_core.logs", description=__doc__)
    parser.add_argument("folder", type=Path, help="where its files go")
    parser.add_argument("--site", required=True, help="the site's name or file")
    parser.add_argument("--schema", default="", help="MODULE:CLASS of the site file, where it is another product's")
    parser.add_argument("--run", default="", help="the id of the run, where it has one")
    parser.add_argument("--since", type=float, default=0.0, help="epoch second to begin at (default: now)")
    parser.add_argument("--until-pid", type=int, default=0, help="the process that it ends with, instead of stdin")
    options = parser.parse_args(arguments)
    try:
        site = _of_product(options.site, options.schema) if options.schema else loader.running(options.site)
        # A monitor asks all day long: what it is answered is kept in its own files.
        with tape.paused():
            asyncio.run(monitor.watch(site, options.folder, options.run, options.until_pid, options.since))
        accounts.make(options.folder)
    except (BenchError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - whoever started it keeps what it says
        monitor.leave_note(options.folder, str(error))
        return 2
    except Exception as error:
        monitor.leave_note(options.folder, f"the monitor broke ({type(error).__name__}: {error}); report this")
        raise
    return 0


def _of_product(file: str, schema: str) -> Any:
    """The site of another product; imported here, since it validates without the cache of Focus sites."""
    from focus_core.site import product

    return product.load(Path(file), schema)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
