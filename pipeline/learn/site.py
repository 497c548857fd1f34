"""The site of the exercises: a simulated one of its own, so that a check never meets a defect that the learner left on
on the site that he works with."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from focus_core.base.errors import BenchError
from focus_core.site import simulator_process
from focus_core.site.state import user_folder

from pipeline import processes
from pipeline.errors import RunError
from pipeline.paths import PYTHON, ROOT
from pipeline.results import reading, stamp
from pipeline.results.model import Run
from pipeline.results.output_xml import ResultsError
from pipeline.run import folders, site

# It ends by itself; a second check within this time starts at once.
AUTO_STOP_MINUTES = 10


@dataclass(frozen=True)
class TrainingSite:
    """A running site: its site file, and the folder by which the simulator knows it."""

    file: Path
    state_dir: Path

    @contextmanager
    def with_defect(self, name: str) -> Iterator[None]:
        """The site with a defect on; it is off again afterwards, whatever happens. Raises RunError."""
        self._switch("on", name)
        try:
            yield
        finally:
            self._switch("off", name)

    def run(self, suite: Path, folder: Path) -> Run:
        """Run a suite with robot, without its output on the screen; its log lies in ``folder``. Raises RunError."""
        marks = stamp.make(folders.new_id(), "learn", "simulated", simulated=True)
        folder.mkdir(parents=True, exist_ok=True)
        output = folder / "output.xml"
        output.unlink(missing_ok=True)
        robot = [PYTHON, "-m", "robot", "--outputdir", str(folder), "--loglevel", "DEBUG:INFO", "--console", "none"]
        environment = os.environ | {"FOCUS_SITE": str(self.file), "FOCUS_RUN_ID": marks.run_id}
        with tempfile.TemporaryFile() as said:
            process = processes.start([*robot, *marks.robot_options(), str(suite)], env=environment, stderr=said)
            processes.wait(process)
            said.seek(0)
            complaints = said.read().decode("utf-8", "replace").split("\n")
        if not output.exists():
            raise RunError(next((line.strip() for line in complaints if "ERROR" in line), "Robot wrote no results."))
        try:
            return reading.read_one(output, marks)
        except ResultsError as error:
            raise RunError(str(error)) from None

    def make_whole(self) -> None:
        """Switch off what a check that was killed has left on. Raises RunError."""
        for name in json.loads("".join(self._simulator("status", "--json")))["defects"]:
            self._switch("off", name)

    def _switch(self, way: str, name: str) -> None:
        self._simulator("defect", way, name)

    def _simulator(self, *words: str) -> list[str]:
        try:
            return simulator_process.run(simulator_process.command(*words, state_dir=self.state_dir))
        except BenchError as error:
            raise RunError(str(error)) from None


def state_dir() -> Path:
    """Of this checkout: two of them may be of different versions."""
    return user_folder() / f"training-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"


def training_site(place: Path | None = None) -> TrainingSite:
    """The site, which is up afterwards, with every defect off. ``place``: another state directory. Raises RunError."""
    place = place or state_dir()
    start = {"auto_stop_minutes": AUTO_STOP_MINUTES, "state_dir": str(place)}
    with tempfile.TemporaryDirectory(prefix="focus-learn-", ignore_cleanup_errors=True) as home:
        file = Path(home) / "training.yaml"
        content = {"name": "simulated", "simulated": True, "start": start}
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        chosen = site.open_site(str(file))
    found = TrainingSite(chosen.file, place)
    found.make_whole()
    return found
