"""Site files that were validated once: the next process that reads the same file needs neither pydantic nor YAML.

An entry counts only for the very same bytes: of the site file, of the client's settings file that it names, and of the
modules that read and validate them. No secret is ever in it: a site file only names their places. The entries stand
in the project's own folder, like Python's bytecode; whoever can write there can change the tests themselves.
"""

import hashlib
import os
import pickle
import time
from contextlib import suppress
from pathlib import Path

from focus_core.base import project
from focus_core.site.model import Site, SiteToStart, in_home

FOLDER = project.ROOT / "results" / ".sites"
_READERS = tuple(Path(__file__).with_name(f"{name}.py") for name in ("model", "validation", "client_settings"))
# Sites of tests come and go; their entries need not stay.
_LIFE_S = 7 * 86400.0


def recall(path: Path) -> Site | SiteToStart | None:
    """The validated site of a file that has not changed since `remember`; else nothing."""
    try:
        key, site = pickle.loads(_entry(path).read_bytes())  # noqa: S301 - written below, in our own folder
        return site if key == _key(path, site) else None
    except Exception:  # noqa: BLE001 - whatever is wrong with an entry, the file itself is still there
        return None


def remember(path: Path, site: Site | SiteToStart) -> None:
    """Keeps a validated site. A folder that cannot be written costs time and nothing else."""
    # A user without a home folder has no entry.
    with suppress(OSError, RuntimeError):
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.iterdir():
            if time.time() - old.stat().st_mtime > _LIFE_S:
                old.unlink(missing_ok=True)
        entry = _entry(path)
        # Lanes write the same entry at the same time.
        scratch = entry.with_suffix(f".{os.getpid()}")
        scratch.write_bytes(pickle.dumps((_key(path, site), site)))
        scratch.replace(entry)


def _entry(path: Path) -> Path:
    return FOLDER / f"{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]}.pickle"


def _key(path: Path, site: Site | SiteToStart) -> str:
    files = [*_READERS, path]
    if isinstance(site, Site) and site.settings_file:
        files.append(path.parent / site.settings_file)
    # Paths in a site file may begin with ~.
    digest = hashlib.sha256(str(in_home("~")).encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
