"""Following one container: whatever becomes of connection, pod and log, each line comes once, and a gap is said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from focus_core.logs import entries, follower
from focus_core.logs.clocks import Clocks
from focus_core.logs.entries import Entry, Source
from focus_core.logs.follower import Follower
from focus_core.logs.patterns import Patterns
from focus_core.logs.recorder import Recorder
from support.pod_api import PodApi, PodLogFile

PATH = "/api/v1/namespaces/panda/pods/focus-1/log"
LINES = [f"line {number} שורה" for number in range(40)]


def stamp(number: int) -> str:
    # Four lines a stamp, and several stamps a second, some of them without a fraction.
    return f"2026-12-01T05:00:{number // 16:02d}.{number // 4 % 4}Z".replace(".0Z", "Z")


class Scene:
    """A container that is followed, and what the monitor wrote of it."""

    def __init__(self, folder: Path, api: PodApi) -> None:
        self.folder, self.api = folder, api
        self.log = api.logs["focus-1"] = PodLogFile()
        self.recorder = Recorder(folder, Patterns.of_site())
        source = Source("focus_server", "focus-1", "main", "worker")
        self.follower = Follower(api, self.recorder, Clocks(), source, PATH, "")

    def write(self, first: int, last: int) -> None:
        for number in range(first, last):
            self.log.write(stamp(number), LINES[number].encode())

    async def seen(self, number: int) -> None:
        """Returns when so many lines have come."""
        while self.recorder.figures.lines < number:
            await asyncio.sleep(0.001)

    async def over(self) -> None:
        while not self.follower.is_done:
            await asyncio.sleep(0.001)

    def entries(self) -> list[Entry]:
        self.recorder.close()
        return list(entries.read(self.folder))

    def texts(self, kind: str = "line") -> list[str]:
        return [entry.text for entry in self.entries() if entry.kind == kind]


@pytest.fixture
def follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Scene]:
    monkeypatch.setattr(follower, "_FIRST_PAUSE_S", 0.002)
    monkeypatch.setattr(follower, "_LONGEST_PAUSE_S", 0.01)

    def run(play: Callable[[Scene], Awaitable[None]], api: PodApi | None = None) -> Scene:
        async def whole() -> Scene:
            scene = Scene(tmp_path, api or PodApi())
            scene.follower.start()
            async with asyncio.timeout(20):
                await play(scene)
                await scene.over()
            return scene

        return asyncio.run(whole())

    return run


def test_every_line_from_the_first_to_the_last(follow: Callable[..., Scene]) -> None:
    async def play(scene: Scene) -> None:
        scene.write(0, 10)
        await scene.seen(10)
        scene.write(10, 40)
        scene.log.end()
        scene.follower.end()

    scene = follow(play)
    assert scene.texts() == LINES
    assert scene.recorder.figures.gaps == 0


@pytest.mark.parametrize("kind", ["breaks", "ends"])
def test_connections_that_break_anywhere(follow: Callable[..., Scene], kind: str) -> None:
    api = PodApi(piece=5)
    # Inside stamps, lines and letters of two bytes.
    getattr(api, kind).extend([1, 33, 90, 127, 128, 400, 3, 999])

    async def play(scene: Scene) -> None:
        scene.write(0, 40)
        await scene.seen(40)
        scene.log.end()
        scene.follower.end()

    scene = follow(play, api)
    assert scene.texts() == LINES
    assert scene.recorder.figures.gaps == 0
    assert scene.recorder.figures.reconnects == (8 if kind == "breaks" else 0)


def test_an_api_that_is_away_costs_nothing(follow: Callable[..., Scene]) -> None:
    async def play(scene: Scene) -> None:
        scene.api.breaks.append(200)
        scene.write(0, 20)
        await scene.seen(1)
        scene.api.away = True
        scene.write(20, 40)
        while scene.recorder.figures.reconnects < 3:
            await asyncio.sleep(0.001)
        scene.follower.end()
        scene.log.end()
        scene.api.away = False

    scene = follow(play)
    assert scene.texts() == LINES
    assert scene.recorder.figures.gaps == 0


def test_a_rotation_is_a_gap_with_its_length(follow: Callable[..., Scene]) -> None:
    async def play(scene: Scene) -> None:
        scene.api.ends.append(len(b"".join(f"{stamp(n)} {LINES[n]}\n".encode() for n in range(8))))
        scene.write(0, 8)
        await scene.seen(8)
        scene.log.rotate(0)
        scene.write(32, 40)
        await scene.seen(16)
        scene.log.end()
        scene.follower.end()

    scene = follow(play)
    assert scene.texts() == LINES[:8] + LINES[32:]
    (gap,) = [entry for entry in scene.entries() if entry.kind == "gap"]
    assert gap.seconds == pytest.approx(1.9)  # from the stamp of line 7 to that of line 32
    assert "rotated away" in gap.text


def test_a_pod_that_is_gone_before_it_was_read_is_a_gap(follow: Callable[..., Scene]) -> None:
    async def play(scene: Scene) -> None:
        scene.api.breaks.append(100)
        scene.write(0, 8)
        await scene.seen(1)
        del scene.api.logs["focus-1"]

    scene = follow(play)
    (gap,) = scene.texts("gap")
    assert "the pod is gone" in gap


def test_a_pod_that_was_read_to_its_end_may_go(follow: Callable[..., Scene]) -> None:
    async def play(scene: Scene) -> None:
        scene.write(0, 40)
        await scene.seen(40)
        scene.log.end()
        del scene.api.logs["focus-1"]
        scene.follower.end()

    scene = follow(play)
    assert scene.texts() == LINES
    assert not scene.texts("gap")


def test_the_last_words_before_a_restart_are_read_from_the_previous_log(follow: Callable[..., Scene]) -> None:
    async def play(scene: Scene) -> None:
        scene.write(0, 30)
        await scene.seen(30)
        scene.api.away = True
        scene.write(30, 40)
        # The next container of the pod logs by now, the old log is the previous one.
        scene.api.logs["focus-1 previous"] = scene.log
        scene.api.logs["focus-1"] = PodLogFile()
        scene.log.over = True
        scene.follower.end(previous=True)
        scene.api.away = False

    scene = follow(play, PodApi(piece=1 << 16))
    assert scene.texts() == LINES
    assert scene.api.asked[-1][1]["previous"] == "true"
