"""Where RabbitMQ comes from: a server of this machine, or Debian's packages unpacked into a folder of the user.

Nothing is installed system-wide and no service is started: ``apt-get download`` fetches, ``dpkg -x`` unpacks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from simulator.errors import SimulatorError
from simulator.layout.state import cache_home, is_plain

# The distribution's wrapper in /usr/sbin insists on root or the user rabbitmq; this is the script below it.
_SYSTEM_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
PACKAGES: tuple[str, ...] = (
    "rabbitmq-server",
    "erlang-asn1",
    "erlang-base",
    "erlang-crypto",
    "erlang-eldap",
    "erlang-ftp",
    "erlang-inets",
    "erlang-mnesia",
    "erlang-os-mon",
    "erlang-parsetools",
    "erlang-public-key",
    "erlang-runtime-tools",
    "erlang-snmp",
    "erlang-ssl",
    "erlang-syntax-tools",
    "erlang-tftp",
    "erlang-tools",
    "erlang-xmerl",
)

HOW_TO_GET = (
    "RabbitMQ is missing and cannot be fetched on this system; install it (macOS: 'brew install rabbitmq', Linux: the "
    "package rabbitmq-server) so that rabbitmq-server is on PATH, then run 'python run.py site prepare' again."
)

PROGRESS_SECONDS = 3.0

Progress = Callable[[str], None]


def find_server() -> Path | None:
    """Return the start script of a RabbitMQ server that can be used now, or None."""
    if _SYSTEM_SERVER.exists() and shutil.which("erl"):
        return _SYSTEM_SERVER
    on_path = shutil.which("rabbitmq-server")
    if on_path and not on_path.startswith("/usr/sbin/"):
        return Path(on_path)
    private = _tree() / "usr/lib/rabbitmq/bin/rabbitmq-server"
    return private if private.exists() else None


def search_path(server: Path) -> str:
    """Return PATH for the server: the Erlang that was unpacked beside a fetched one goes first."""
    erlang = server.parent.parent.parent / "erlang" / "bin"
    inherited = os.environ.get("PATH", os.defpath)
    return os.pathsep.join([str(erlang), inherited]) if (erlang / "erl").exists() else inherited


def can_fetch() -> bool:
    """Return whether this is a Debian-like system, whose packages can be unpacked."""
    return shutil.which("apt-get") is not None and shutil.which("dpkg") is not None


def fetch(progress: Progress) -> Path:
    """Return the server's start script, fetching and unpacking the packages when no server is there.

    Interrupted calls leave nothing that looks finished: everything happens in a folder that gets its final name last.
    """
    server = find_server()
    if server:
        return server
    if not can_fetch():
        raise SimulatorError(HOW_TO_GET)
    tree = _tree()
    tree.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(tree.with_name("rabbitmq.lock")):
        server = find_server()
        if server:
            return server
        for leftover in tree.parent.glob(f"{tree.name}.part-*"):
            shutil.rmtree(leftover)
        part = Path(tempfile.mkdtemp(prefix=f"{tree.name}.part-", dir=tree.parent))
        try:
            progress("RabbitMQ: downloading its packages (35 MB, once) ...")
            _download(part / "packages", part / "apt", progress)
            progress("RabbitMQ: unpacking ...")
            _unpack(part / "packages", part / "tree", tree, progress)
            (part / "tree").rename(tree)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    server = find_server()
    if server is None:
        raise SimulatorError(f"The fetched RabbitMQ packages hold no server; remove {tree} and run 'prepare' again.")
    progress("RabbitMQ: ready to use.")
    return server


def _tree() -> Path:
    home = cache_home()
    if not is_plain(home):
        # Erlang's scripts cannot live below a path with spaces or other letters.
        home = Path("/var/tmp") / f"focus-simulator-{os.getuid()}"  # noqa: S108 - checked to be ours below
        home.mkdir(mode=0o700, exist_ok=True)
        if home.stat().st_uid != os.getuid():
            raise SimulatorError(f"{home} belongs to another user; set FOCUS_SIMULATOR_HOME to a folder of your own.")
    return home / "rabbitmq"


def _download(packages: Path, apt: Path, progress: Progress) -> None:
    packages.mkdir()
    (apt / "lists" / "partial").mkdir(parents=True)
    (apt / "cache" / "archives" / "partial").mkdir(parents=True)
    options = ["-o", f"Dir::Cache={apt / 'cache'}", "-o", "APT::Sandbox::User=", "-q"]
    ended = _run(["apt-get", *options, "download", *PACKAGES], packages, progress)
    if ended.returncode == 0:
        return
    progress("RabbitMQ: this machine's package lists are empty or old; reading fresh ones privately ...")
    options += ["-o", f"Dir::State::lists={apt / 'lists'}", "-o", "Acquire::Languages=none"]
    options += ["-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=20"]
    updated = _run(["apt-get", *options, "update"], packages, progress)
    ended = _run(["apt-get", *options, "download", *PACKAGES], packages, progress)
    if ended.returncode != 0:
        last = (ended.stderr + updated.stderr).strip().rpartition("\n")[2] or "nothing"
        raise SimulatorError(
            "RabbitMQ's packages could not be downloaded with apt-get; check the network and the machine's package "
            f"sources, then run 'python run.py site prepare' again. apt-get output: {last}"
        )


def _unpack(packages: Path, part: Path, final: Path, progress: Progress) -> None:
    for package in sorted(packages.glob("*.deb")):
        ended = _run(["dpkg", "-x", str(package), str(part)], packages, progress)
        if ended.returncode != 0:
            raise SimulatorError(f"{package.name} could not be unpacked: {ended.stderr.strip()}")
    # The packages hard-code where Erlang is; its own variable for that is ignored.
    erlang = part / "usr/lib/erlang"
    for script in [*erlang.glob("bin/*"), *erlang.glob("erts-*/bin/*")]:
        if script.name in ("erl", "start") and not script.is_symlink():
            text = script.read_text(encoding="utf-8")
            script.write_text(
                text.replace("ROOTDIR=/usr/lib/erlang", f"ROOTDIR={final}/usr/lib/erlang"), encoding="utf-8"
            )


def _run(command: list[str], folder: Path, progress: Progress) -> subprocess.CompletedProcess[str]:
    """Run a command in the folder; every few seconds report how much is in it."""
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        while True:
            try:
                out, err = process.communicate(timeout=PROGRESS_SECONDS)
                return subprocess.CompletedProcess(command, process.returncode, out, err)
            except subprocess.TimeoutExpired:
                size = sum(path.stat().st_size for path in folder.glob("**/*") if path.is_file())
                progress(f"RabbitMQ: {command[0]} works, {size / 1e6:.0f} MB so far ...")
            except KeyboardInterrupt:
                process.kill()
                raise
