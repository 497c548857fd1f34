"""`run.py record NAME`: whatever is asked of the site through a proxy becomes the draft of a suite."""

from __future__ import annotations

import argparse
import asyncio
import signal
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import FrameType

from aiohttp import web
from focus_core.base.errors import BenchError
from focus_core.run import clients
from focus_core.site import loader as site_loader
from focus_core.site import secrets
from focus_core.site.model import Site

from pipeline import command_line, console
from pipeline.compose import drafting, suite_text
from pipeline.compose.proxy import Login, OriginProxy, origin, own_tls
from pipeline.compose.recorded import Door, Recorded
from pipeline.errors import RunError
from pipeline.paths import RESULTS
from pipeline.run import site

_ENDING = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)
    parser.add_argument(
        "name", nargs="+", metavar="NAME", help="what the test shows, for example 'A view and its rows'"
    )
    parser.add_argument("--no-login", action="store_true", help="pass requests without a login on as they are")
    parser.add_argument(
        "--stop-after", type=command_line.count, metavar="N", help="end after N requests; else Ctrl-C ends"
    )


def main(options: argparse.Namespace) -> int:
    path, test = suite_text.path_of(" ".join(options.name))
    chosen = site_loader.read(str(site.open_site(site.chosen_name(options.site)).file))
    if not isinstance(chosen, Site):
        raise RunError("The site is not up: start it with 'python run.py site up'.")
    folder = RESULTS / "record"
    folder.mkdir(parents=True, exist_ok=True)
    recorded = asyncio.run(record(chosen, folder, options.stop_after, with_login=not options.no_login))
    if not recorded:
        raise RunError("Nothing was recorded: send requests to the addresses that 'record' names.")
    suite_text.write(drafting.draft(test, recorded), path)
    console.say(f"recorded {len(recorded)} requests\n{suite_text.shown(path)}")
    return 0


async def record(chosen: Site, folder: Path, stop_after: int | None, *, with_login: bool) -> list[Recorded]:
    """Passes requests on until Ctrl-C, or until so many came; returns them in the order of their answers."""
    recorded: list[Recorded] = []
    ended = asyncio.Event()
    _end_with(asyncio.get_running_loop(), ended)

    def report(one: Recorded) -> None:
        recorded.append(one)
        console.say(f"{len(recorded):>3}  {one.method} {secrets.blank(one.path)} -> {one.status}")
        if stop_after and len(recorded) >= stop_after:
            ended.set()

    certificate = folder / "ca.pem"
    tls = own_tls(certificate)
    async with AsyncExitStack() as stack:

        def runner_of(application: web.Application) -> web.AppRunner:
            runner = web.AppRunner(application)
            stack.push_async_callback(runner.cleanup)
            return runner

        for proxy in proxies(chosen, _login(chosen) if with_login else _no_login, report):
            await proxy.start(runner_of, tls)
            for base, door in proxy.doors.items():
                console.say(f"{door:<8}{proxy.own}{base}")
        console.say(f"curl --cacert {certificate} ADDRESS/...    Ctrl-C ends and writes the draft.")
        await ended.wait()
    return recorded


def proxies(chosen: Site, login: Login, report: Callable[[Recorded], None]) -> list[OriginProxy]:
    """One for each origin of the site's doors: REST and web app share theirs where one ingress serves both."""
    doors: list[tuple[str, Door]] = [(chosen.focus.url, "rest")]
    if chosen.webapp:
        doors.append((chosen.webapp.url, "webapp"))
    made = []
    for place in dict.fromkeys(origin(url) for url, _ in doors):
        below = {url.removeprefix(place).rstrip("/"): door for url, door in doors if origin(url) == place}
        made.append(OriginProxy(place, below, _trust(chosen), login, report, chosen.proxy))
    return made


def _trust(chosen: Site) -> ssl.SSLContext | bool:
    verify = chosen.tls.verify
    return ssl.create_default_context(cafile=verify) if isinstance(verify, str) else verify


def _login(chosen: Site) -> Login:
    """The site's first user for the Focus Server, where it asks for a login; the web app's login is the tester's."""
    if chosen.focus.auth != "token":
        return _no_login
    webapp = clients.webapp_client(chosen, chosen.users[0])

    async def login(door: Door | None) -> str:
        if door != "rest":
            return ""
        try:
            return f"Bearer {(await asyncio.to_thread(webapp.login)).value}"
        except BenchError as error:
            console.complain(str(error))
            return ""

    return login


async def _no_login(_door: Door | None) -> str:
    return ""


def _end_with(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    """Ctrl-C, and whatever else ends a command, ends the recording and not the program: the draft is written."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(ended.set)

    for number in _ENDING:
        signal.signal(number, end)
