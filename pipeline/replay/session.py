"""Plays one test back from its bundle: `python -m pipeline.replay.session BUNDLE SUITE OUTPUT_FOLDER`.

In a process of its own: the site is the bundle's, the clock stands where it stood, and no connection can be made.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import yaml
from focus_core.base import tape
from focus_core.run import probes
from focus_core.run.listener import FocusListener
from focus_core.site import secrets
from robot.run import run

from pipeline.replay import bundles
from pipeline.replay.bundles import Bundle


def main(bundle_file: str, suite: str, output: str) -> int:
    """Robot's exit code."""
    bundle = bundles.read(Path(bundle_file))
    with tempfile.TemporaryDirectory(prefix="focus-replay-") as folder:
        site = write_site(bundle, Path(folder))
        player = prepare(bundle)
        return int(
            run(
                suite,
                test=[_literal(bundle.test)],
                outputdir=output,
                variable=[f"SITE:{site}"],
                loglevel="DEBUG:INFO",
                console="none",
                listener=_Beginning(player),
            )
        )


def write_site(bundle: Bundle, folder: Path) -> Path:
    """The bundle's site file, with state and kubeconfig in a folder of its own."""
    site: dict[str, Any] = yaml.safe_load(bundle.content["site_file"])
    kubernetes = site.get("kubernetes")
    if kubernetes and kubernetes.get("access") == "direct":
        kubernetes["kubeconfig"] = str(folder / "kubeconfig")
        _write_kubeconfig(Path(kubernetes["kubeconfig"]), kubernetes["context"])
    site |= {"state_dir": str(folder / "state"), "reserve": None}
    (folder / "state").mkdir(mode=0o700)
    path = folder / "site.yaml"
    path.write_text(yaml.safe_dump(site, sort_keys=False), encoding="utf-8")
    return path


class _Beginning:
    """A listener of Robot: what is around the test asks for what was before it."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self, player: tape.Player) -> None:
        self._player = player

    def start_test(self, _data: object, _result: object) -> None:
        self._player.begin_test()


def prepare(bundle: Bundle) -> tape.Player:
    """From now on this process asks the bundle, and nothing else."""
    content = bundle.content
    player = tape.Player(content["before"], content["during"], secrets.redacted)
    tape.play(player)
    FocusListener.attaches_evidence = False
    probes.only_fresh = True
    shift_clock(datetime.fromisoformat(content["started"]).timestamp())
    refuse_connections()
    return player


def shift_clock(started: float) -> None:
    """`time.time` counts on from when the test started: requests ask for times that its answers are about."""
    real, away = time.time, started - time.time()
    time.time = lambda: real() + away


def refuse_connections() -> None:
    """A client that is not recorded must not reach the site, or anything else."""

    def refuse(_socket: socket.socket, _address: Any) -> NoReturn:
        raise ConnectionRefusedError("a replay connects to nothing")

    for way in ("connect", "connect_ex"):
        setattr(socket.socket, way, refuse)


def _write_kubeconfig(path: Path, context: str) -> None:
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": context,
        "clusters": [{"name": "replay", "cluster": {"server": "https://replay.invalid"}}],
        "users": [{"name": "replay", "user": {}}],
        "contexts": [{"name": context, "context": {"cluster": "replay", "user": "replay"}}],
    }
    path.write_text(yaml.safe_dump(config), encoding="utf-8")


def _literal(name: str) -> str:
    """A pattern of Robot's that only this name matches."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
