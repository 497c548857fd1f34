"""News for open pages."""

from __future__ import annotations

import asyncio
import threading

from simulator.pods.webapp.news import MISSED, NewsRoom


def test_every_listener_gets_what_another_thread_tells() -> None:
    async def scene() -> list[object]:
        room = NewsRoom()
        listeners = [room.listen(5.0) for _ in range(2)]
        waiting = [asyncio.ensure_future(anext(one)) for one in listeners]
        await asyncio.sleep(0)
        teller = threading.Thread(target=room.announce, args=("alert", "a-1"))
        teller.start()
        heard: list[object] = [await one for one in waiting]
        teller.join()
        for listener in listeners:
            await listener.aclose()  # type: ignore[attr-defined]
        room.announce("alert", "nobody listens")
        return heard

    assert asyncio.run(scene()) == [{"kind": "alert", "alertId": "a-1"}] * 2


def test_silence_is_none_and_who_falls_behind_is_told_to_load_again() -> None:
    async def scene() -> tuple[object, list[object]]:
        room = NewsRoom()
        listener = room.listen(0.01)
        quiet = await anext(listener)
        for number in range(500):
            room.announce("alert", str(number))
        await asyncio.sleep(0)
        heard = [await anext(listener)]
        while (one := await anext(listener)) is not None:
            heard.append(one)
        await listener.aclose()  # type: ignore[attr-defined]
        return quiet, list(heard)

    quiet, heard = asyncio.run(scene())
    assert quiet is None
    assert MISSED in heard
    assert heard[-1] == {"kind": "alert", "alertId": "499"}
    assert len(heard) < 500
