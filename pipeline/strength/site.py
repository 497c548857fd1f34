"""The simulated site of a measurement: its own, switched while it lives, ended with the measurement."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import yaml

from pipeline import console
from pipeline.errors import RunError
from pipeline.paths import PYTHON, ROOT
from pipeline.site import simulator
from pipeline.strength.rules import Area

_TIMEOUT_S = 180
# The site ends by itself so many minutes after the last test, should the measurement be killed.
_AUTO_STOP_MIN = 10


@dataclass(frozen=True)
class Defect:
    """A switch of the simulated site, in the words of its registry."""

    name: str
    bug_key: str
    area: str
    sentence: str
    changes: str
    takes_effect: str


class OwnSite:
    """A living simulated site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with console.ticking("starting a simulated site of its own"):
            self.file = Path(simulator("up", "--auto-stop", str(_AUTO_STOP_MIN), "--state-dir", str(folder)))

    @contextmanager
    def switched(self, *names: str) -> Iterator[None]:
        """These defects are on within the block; an empty name is none."""
        try:
            self._switch("on", names)
            yield
        finally:
            self._switch("off", names)

    def _switch(self, how: str, names: tuple[str, ...]) -> None:
        for name in filter(None, names):
            _simulator("defect", how, name, "--state-dir", str(self.folder))

    def description(self, area: Area) -> tuple[dict[str, Any], str]:
        """The OpenAPI document, and the prefix of its paths."""
        site = yaml.safe_load(self.file.read_text(encoding="utf-8"))
        base: Any = site
        for part in area.description.split("."):
            base = base[part]
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{base}{area.openapi}", timeout=_TIMEOUT_S)
        if not answer.ok:
            raise RunError(f"The site does not describe itself: {answer.url} answered {answer.status_code}.")
        document: dict[str, Any] = answer.json()
        prefix = urlsplit(str(base)).path.rstrip("/")
        # It does not describe itself, but it is asked for too.
        document["paths"].setdefault(f"{prefix}{area.openapi}", {"get": {}})
        return document, prefix


@contextmanager
def own_site() -> Iterator[OwnSite]:
    """A site in a short folder (its sockets have paths); it is gone afterwards, also after Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="fs-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "site"
        try:
            yield OwnSite(home)
        finally:
            _simulator("down", "--state-dir", str(home))


def defects(areas: frozenset[str]) -> list[Defect]:
    """The registered defects of these areas."""
    entries = json.loads(_simulator("defects", "--json"))
    fields = Defect.__dataclass_fields__
    return [Defect(**{name: entry[name] for name in fields}) for entry in entries if entry["area"] in areas]


def _simulator(*args: str) -> str:
    """A command of the simulator that says nothing to people. In a session of its own: Ctrl-C is for us."""
    done = subprocess.run(
        [PYTHON, "-m", "simulator", *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
        start_new_session=True,
    )
    if done.returncode:
        raise RunError((done.stderr or done.stdout).strip().splitlines()[-1:][0] if done.stderr or done.stdout else
                       f"python -m simulator {' '.join(args)} ended with {done.returncode}")  # fmt: skip
    return done.stdout
