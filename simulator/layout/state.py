"""The state directory of one simulated site: where its files are, and what is recorded of its processes and ports."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

# Shell scripts of RabbitMQ and Erlang split or refuse other paths.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+")


def cache_home() -> Path:
    """Return the folder that holds every simulated site and fetched program of this user."""
    chosen = os.environ.get("FOCUS_SIMULATOR_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "focus-simulator"


def default_state_dir(name: str = "simulated") -> Path:
    """Return the state directory of the named site of this checkout (two checkouts do not share one)."""
    root = Path(__file__).resolve().parent.parent.parent
    digest = hashlib.sha256(str(root).encode()).hexdigest()[:8]
    return cache_home() / "sites" / f"{name}-{digest}"


def is_plain(path: Path) -> bool:
    """Return whether RabbitMQ's and Erlang's start scripts can work in the path (no spaces, only ASCII)."""
    return _PLAIN_PATH.fullmatch(str(path)) is not None


def plain_scratch(prefix: str) -> Path:
    """Make a private folder (mode 0700) with a plain path, for programs that cannot stand another one."""
    for base in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp makes a private folder inside
        if is_plain(Path(base)):
            return Path(tempfile.mkdtemp(prefix=prefix, dir=base))
    raise OSError(f"no temporary folder with a plain path (tried {tempfile.gettempdir()} and /tmp)")


@dataclass(frozen=True)
class ProcessRecord:
    """A started process; the start time (seconds since the epoch) guards against a reused pid."""

    name: str
    pid: int
    started: float


@dataclass
class State:
    """What state.json keeps: the phase (``starting``, ``running``, ``stopped``), processes, first port, choices."""

    phase: str = "stopped"
    processes: list[ProcessRecord] = field(default_factory=list)
    port_base: int | None = None
    broker_dir: str | None = None
    time_scale: float = 1.0
    profile: str = "required"
    auto_stop_minutes: float | None = None


@dataclass(frozen=True)
class StateDir:
    """Paths inside one state directory."""

    root: Path

    @property
    def site_file(self) -> Path:
        return self.root / "site.yaml"

    @property
    def kubectl_site_file(self) -> Path:
        return self.root / "site-kubectl.yaml"

    @property
    def kubeconfig(self) -> Path:
        return self.root / "kubeconfig"

    @property
    def viewer_kubeconfig(self) -> Path:
        return self.root / "kubeconfig-viewer"

    @property
    def journal(self) -> Path:
        """Where the cluster process notes every change of its objects."""
        return self.root / "cluster.journal"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def pods(self) -> Path:
        return self.root / "pods"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def defects(self) -> Path:
        return self.root / "defects.json"

    @property
    def used(self) -> Path:
        return self.root / "used"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def users_lock(self) -> Path:
        return self.root / "users.lock"

    @property
    def state_json(self) -> Path:
        return self.root / "state.json"

    def read(self) -> State:
        """Return the recorded state; a missing or torn file (a crash) counts as a stopped site."""
        try:
            raw = json.loads(self.state_json.read_text(encoding="utf-8"))
            raw["processes"] = [ProcessRecord(**record) for record in raw["processes"]]
            return State(**raw)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return State()

    def write(self, state: State) -> None:
        """Replace state.json in one step, so that a crash leaves the old or the new one."""
        write_atomically(self.state_json, json.dumps(asdict(state), indent=1))


def write_atomically(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file beside the target and rename it over: a reader never sees half of it."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as stream:
            stream.write(text)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
