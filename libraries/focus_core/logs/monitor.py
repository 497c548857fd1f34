"""The process that follows all pods of a site while one run goes on."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.logs import api, templates
from focus_core.logs.clocks import Clocks
from focus_core.logs.entries import Entry, Source
from focus_core.logs.patterns import Patterns
from focus_core.logs.recorder import Recorder
from focus_core.logs.samples import Sampler, Sampling, sampling
from focus_core.logs.watcher import Watcher
from focus_core.site import state
from focus_core.site.model import Site

# What is known of the monitor while it runs, and of its run when it has ended.
FILE = "monitor.json"
TEMPLATES = "templates.json"
# Keywords and a strict run wait for the next one.
_HEARTBEAT_S = 0.25
# What was logged until now is read by then, also over a slow connection.
_LAST_LOOK_S = 10.0
_LET_GO_S = 3.0
_STDIN_FD = 0


async def watch(site: Site, folder: Path, run: str = "", until_pid: int = 0, since: float = 0.0) -> None:
    """Watches a site until stdin ends, or the process ``until_pid`` is gone, and writes all files into ``folder``.

    ``since`` is the epoch second at which the run began, before the monitor could look: now, where it is 0.

    Raises ``BenchError`` when the cluster's settings or the patterns cannot be used, ``OSError`` when the folder cannot
    be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _be_nice()
    begun = since or time.time()
    recorder = Recorder(folder, Patterns.of_site(site))
    plan = sampling()
    async with api.opened(site) as cluster:
        clocks = Clocks(lambda: cluster.clock)
        watcher = Watcher(site, cluster, recorder, clocks, begun)
        note = _Note(folder, site, run, begun, recorder, watcher, clocks)
        working = [
            asyncio.create_task(one) for one in (watcher.run(), recorder.run(), _sample(Sampler(site), plan, recorder))
        ]
        beating = asyncio.create_task(note.keep())
        ending = asyncio.create_task(_end(until_pid))
        try:
            # None of the others ends by itself: one that does has broken.
            await asyncio.wait({*working, beating, ending}, return_when=asyncio.FIRST_COMPLETED)
            broken = next((one.exception() for one in (*working, beating) if one.done()), None)
            if broken:
                raise broken
            await watcher.finish(_LAST_LOOK_S)
        finally:
            for task in (*working, beating, ending):
                task.cancel()
            # What does not let go of a connection is not waited for: the files come first.
            await asyncio.wait({*working, beating, ending}, timeout=_LET_GO_S)
            recorder.close()
            _write_templates(site, folder, recorder)
            note.write(ended=True)


class _Note:
    """Writes ``monitor.json``: every second, so that others see that the monitor lives and what it has measured."""

    def __init__(
        self, folder: Path, site: Site, run: str, begun: float, recorder: Recorder, watcher: Watcher, clocks: Clocks
    ) -> None:
        self._folder, self._recorder, self._watcher, self._clocks = folder, recorder, watcher, clocks
        self._fixed = {"pid": os.getpid(), "run": run, "site": site.name, "begun": begun}
        self._fixed["users"] = [user.username for user in site.users]
        self._fixed["job_prefix"] = site.job_prefix

    async def keep(self) -> None:
        while True:
            self.write(ended=False)
            await asyncio.sleep(_HEARTBEAT_S)

    def write(self, *, ended: bool) -> None:
        figures = self._recorder.figures
        figures.worst_lag_s, figures.skew = round(self._clocks.worst_lag(), 3), self._clocks.skews()
        content = self._fixed | {"beat": time.time(), "ended": ended, "trouble": self._watcher.trouble}
        content["looked"] = self._watcher.has_looked
        content |= {"cpu_s": round(time.process_time(), 3), "memory_mb": _most_memory_mb()}
        _replace(self._folder / FILE, content | vars(figures))


def leave_note(folder: Path, trouble: str) -> None:
    """Notes why there is no monitor, for whoever makes the report."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / FILE, {"pid": os.getpid(), "beat": time.time(), "ended": True, "trouble": trouble})


def state_of(folder: Path) -> dict[str, Any]:
    """What is known of a monitor; empty where it has written nothing yet."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


async def _sample(sampler: Sampler, plan: Sampling, recorder: Recorder) -> None:
    silent: set[str] = set()
    while True:
        for service, look in sampler.looks():
            source = Source(service)
            try:
                figures: dict[str, float] = await asyncio.to_thread(look)
            except Exception as error:  # noqa: BLE001 - figures are an extra; the logs are what counts
                # One sentence for one outage.
                if service not in silent:
                    silent.add(service)
                    text = f"no figures: {error}"
                    recorder.note(Entry("sample", time.time(), source, text, "no figures", "warning"))
                continue
            silent.discard(service)
            beyond = plan.beyond(figures)
            text = ", ".join(f"{name.partition('.')[2]}={value:.4g}" for name, value in figures.items())
            mark = f" (beyond its threshold: {', '.join(beyond)})" if beyond else ""
            severity = "warning" if beyond else ""
            recorder.note(Entry("sample", time.time(), source, text + mark, "threshold" if beyond else "", severity))
        await asyncio.sleep(plan.every_s)


async def _end(until_pid: int) -> None:
    """Returns when stdin ends, or when the process is gone."""
    if not until_pid:
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        # Not a thread of the loop's own: it would be waited for.
        threading.Thread(target=_read_to_end, args=(lambda: loop.call_soon_threadsafe(ended.set),), daemon=True).start()
        await ended.wait()
        return
    import psutil

    while psutil.pid_exists(until_pid):
        await asyncio.sleep(_HEARTBEAT_S)


def _read_to_end(then: Callable[[], object]) -> None:
    with suppress(OSError):
        while os.read(_STDIN_FD, 4096):
            pass
    with suppress(RuntimeError):  # the loop is closed already
        then()


def _write_templates(site: Site, folder: Path, recorder: Recorder) -> None:
    counts = recorder.templates.counts
    try:
        home = state.state_dir(site)
        found = templates.new(counts, templates.known(home))
        templates.remember(home, counts)
    except (BenchError, OSError):
        found = []
    with suppress(OSError):
        _replace(folder / TEMPLATES, {"counts": dict(counts.most_common()), "new": found})


def _replace(path: Path, content: Any) -> None:
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    scratch.replace(path)


def _most_memory_mb() -> float:
    """The most that this process had at once; 0 where the system does not count it.

    Linux' own file, since getrusage there counts what the process that started us had, too.
    """
    with suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return round(int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024, 1)
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    # macOS counts bytes, others kilobytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


def _be_nice() -> None:
    """Tests come first where there is too little of the machine for both."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(5)
