"""Reading a large output.xml: the typed model against a bare parse, in CPU time and memory (Linux)."""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
from pathlib import Path

from pipeline import console
from pipeline.errors import RunError
from pipeline.measure.figures import show
from pipeline.paths import PYTHON, RESULTS, ROOT

SIZE_MB = 200
MOST_MB = 300
MOST_TIMES = 1.5
_HEAD, _TAIL = "<suite ", "</suite>\n<statistics>"
# Each way in a process of its own, which reports its CPU seconds and its peak memory in MB.
_WAYS = {
    "bare parse": "for _, element in ElementTree.iterparse(path): element.clear()",
    "typed model": "reading.read_one(pathlib.Path(path))",
}
_PROGRAM = r"""
import json, pathlib, re, sys, time
from xml.etree import ElementTree
from pipeline.results import reading
path = sys.argv[1]
before = time.process_time()
{way}
spent = time.process_time() - before
peak = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]
print(json.dumps([spent, int(peak) * 1024 / 1e6]))
"""


def measure(runs: int) -> None:
    """Read the largest output.xml of the kept runs, repeated to 200 MB."""
    kept = sorted((RESULTS / "runs").glob("*/output.xml"), key=lambda file: file.stat().st_size)
    if not kept:
        raise RunError("There is no run whose output.xml could be repeated: start one with 'python run.py smoke'.")
    with tempfile.TemporaryDirectory(prefix="focus-measure-") as folder:
        path = Path(folder) / "output.xml"
        tests = make(kept[-1], path)
        console.say(f"output.xml of {path.stat().st_size / 1e6:.0f} MB, {tests} tests")
        figures = {way: [_read(way, path) for _ in range(runs)] for way in _WAYS}
    for way, values in figures.items():
        show(f"{way}, CPU time", [seconds for seconds, _ in values], "s")
        budget = MOST_MB if way == "typed model" else None
        show(f"{way}, peak memory", [megabytes for _, megabytes in values], "MB", most=budget)
    medians = [statistics.median(seconds for seconds, _ in values) for values in figures.values()]
    show("typed model against bare parse", [medians[1] / medians[0]], "times", most=MOST_TIMES)


def make(source: Path, path: Path) -> int:
    """Write `source` again and again into one result of 200 MB; returns how many tests are in it."""
    text = source.read_text(encoding="utf-8")
    begin, end = text.index(_HEAD), text.index(_TAIL) + len("</suite>\n")
    suite = text[begin:end]
    times = SIZE_MB * 1_000_000 // len(suite.encode()) + 1
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{text[:begin]}<suite id="s1" name="Many" source="suites">\n')
        for _ in range(times):
            file.write(suite)
        file.write('<status status="PASS" start="2026-01-01T00:00:00" elapsed="1"/>\n')
        file.write("</suite>\n<statistics>\n</statistics>\n<errors>\n</errors>\n</robot>\n")
    return times * suite.count("<test ")


def _read(way: str, path: Path) -> tuple[float, float]:
    command = [PYTHON, "-c", _PROGRAM.format(way=_WAYS[way]), str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes
