"""A simulated site of the keyword tests' own, whose defects can be switched without disturbing anyone."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from uuid import uuid4

import yaml
from focus_core.site import simulator_process
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

from simulator.__main__ import main as simulator_main

# Ends by itself when the tests are killed.
AUTO_STOP_MINUTES = "5"


@library(scope="GLOBAL", auto_keywords=False)
class own_site:  # noqa: N801 - Robot finds the class by the file's name
    """Starts, breaks and stops the site."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    @keyword
    def start_our_own_site(self) -> None:
        """Starts the site and chooses it for all tests below."""
        self._folder = Path(tempfile.mkdtemp(prefix="focus-own-site-"))
        site_file = self._simulator("up", "--auto-stop", AUTO_STOP_MINUTES)[-1]
        BuiltIn().set_suite_variable("${SITE}", site_file, "children=true")

    @keyword
    def stop_our_own_site(self) -> None:
        """Stops the site and removes its files."""
        self._simulator("down")
        shutil.rmtree(str(self._folder))

    @keyword
    def change_our_site(self, *changes: str) -> None:
        """Chooses a copy of our site's file for this suite: each change is ``key.key=value``, the value as in YAML."""
        content = yaml.safe_load(Path(BuiltIn().get_variable_value("${SITE}")).read_text(encoding="utf-8"))
        for change in changes:
            keys, _, value = change.partition("=")
            place = content
            for key in keys.split(".")[:-1]:
                place = place[key]
            place[keys.split(".")[-1]] = yaml.safe_load(value)
        path = Path(str(self._folder)) / f"changed-{uuid4().hex[:8]}.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        path.chmod(0o600)
        BuiltIn().set_suite_variable("${SITE}", str(path))

    @keyword
    def turn_on(self, defect: str) -> None:
        """Makes the site wrong in one way."""
        self._switch("on", defect)

    @keyword
    def turn_off(self, defect: str) -> None:
        """Makes the site right again."""
        self._switch("off", defect)

    def _switch(self, way: str, defect: str) -> None:
        # In this process: one for each switch would cost more than the switch.
        if simulator_main(["defect", way, defect, "--state-dir", str(self._folder)]):
            raise RuntimeError(f"The defect {defect} could not be switched {way}.")

    def _simulator(self, *arguments: str) -> list[str]:
        return simulator_process.run(simulator_process.command(*arguments, state_dir=self._folder))
