"""The `pabot` command of this environment: pabot itself, which finds `robot` without an activated environment too.

pabot starts its lanes with the `robot` on PATH. Started as `.venv/bin/pabot` from a shell that never activated the
environment it finds none, or a foreign one, and every suite fails. Its own `--command` splits at spaces.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pabot.pabot import main_program


def main() -> int:
    """Put this environment's programs first on PATH, then be pabot."""
    here = str(Path(sys.executable).parent)
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if folders[0] != here:
        os.environ["PATH"] = os.pathsep.join([here, *folders])
    return int(main_program(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
