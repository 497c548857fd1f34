"""What a tester asks of the product's sources: versions, services, files, texts, changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.product_sources.git import FETCH_TIMEOUT_S, Git, checked_path
from focus_core.site.model import ProductSources

HEAD = "HEAD"
MOST_BYTES = 1 << 20
MOST_REFS = 500


@dataclass(frozen=True)
class Version:
    """The version of the sources: ``commit`` (40 digits), ``branch`` (empty where the checkout is on none), ``date`` of
    the commit (ISO 8601), ``subject``, its first line."""

    commit: str
    branch: str
    date: str
    subject: str

    def __str__(self) -> str:
        return f"{self.commit[:12]} of {self.branch or 'no branch'}, {self.date}"


@dataclass(frozen=True)
class Ref:
    """A branch or tag: ``name``, ``commit``, ``date`` of the commit (ISO 8601)."""

    name: str
    commit: str
    date: str


@dataclass(frozen=True)
class Hit:
    """A line that holds the words: ``path``, ``line`` from 1, ``text``."""

    path: str
    line: int
    text: str


@dataclass(frozen=True)
class Change:
    """A file that differs between two commits: ``kind`` is added, changed, removed or another letter of git."""

    path: str
    kind: str


_KINDS = {"A": "added", "M": "changed", "D": "removed", "T": "changed"}


class Repository:
    """A checkout; ``services_in`` are the folders whose folders are services, ``""`` the root."""

    def __init__(self, checkout: Path, services_in: tuple[str, ...] = ("",)) -> None:
        self._git = Git(checkout)
        self.services_in = services_in

    @classmethod
    def of_section(cls, section: ProductSources) -> Repository:
        """That of a site file. Raises ``BenchError`` where nothing is there."""
        return cls.at(section.path, tuple(section.services_in))

    @classmethod
    def at(cls, checkout: Path, services_in: tuple[str, ...] = ("",)) -> Repository:
        """The repository whose root is this folder. Raises ``BenchError`` where it is none."""
        if not (checkout / ".git").exists():
            raise BenchError(
                f"There is no checkout of the product's sources in {checkout}: clone them, or correct the path."
            )
        return cls(checkout, services_in)

    def version(self, ref: str = HEAD) -> Version:
        """The version at a ref."""
        commit = self._git.commit(ref)
        date, subject = self._git.text("show", "--no-patch", "--format=%cI%n%s", commit).splitlines()[:2]
        branch = self._git.text("symbolic-ref", "--short", "--quiet", HEAD, may_find_nothing=True).strip()
        return Version(commit, branch if ref == HEAD else ref, date, subject)

    def refs(self) -> list[Ref]:
        """Branches, also those of the remote, and tags: the newest first, at most 500."""
        form = "--format=%(refname:short)%09%(objectname)%09%(creatordate:iso-strict)"
        places = ("refs/heads", "refs/remotes", "refs/tags")
        lines = self._git.text(
            "for-each-ref", "--sort=-creatordate", f"--count={MOST_REFS}", form, *places
        ).splitlines()
        return [Ref(*line.split("\t")) for line in lines]

    def files(self, folder: str = "", ref: str = HEAD) -> list[str]:
        """The names of what is in a folder, those of folders with a slash at their end. Empty where there is none."""
        commit = self._git.commit(ref)
        place = f"{commit}:{checked_path(folder)}" if folder else commit
        if folder and not self._is_folder(place):
            return []
        entries = self._git.text("ls-tree", "-z", place).split("\0")
        found = [entry.partition("\t") for entry in entries if entry]
        return [f"{name}/" if about.split()[1] == "tree" else name for about, _, name in found]

    def _is_folder(self, place: str) -> bool:
        # Of what is not there git says nothing but a code.
        found = self._git.text(
            "rev-parse", "--verify", "--quiet", "--end-of-options", place, may_find_nothing=True
        ).strip()
        return bool(found) and self._git.text("cat-file", "-t", found).strip() == "tree"

    def services(self, ref: str = HEAD) -> dict[str, str]:
        """The services by name: the folder of each. A folder whose name begins with a dot is none."""
        found = {}
        for place in self.services_in:
            for name in self.files(place, ref):
                if name.endswith("/") and not name.startswith("."):
                    found[name[:-1]] = f"{place}/{name[:-1]}" if place else name[:-1]
        return dict(sorted(found.items()))

    def service_folder(self, service: str, ref: str = HEAD) -> str:
        """The folder of a service. Raises ``AssertionError``, with those that are there, where it is none."""
        known = self.services(ref)
        if service not in known:
            raise AssertionError(
                f"The product's sources have no service '{service}', only {', '.join(known) or 'none'}."
            )
        return known[service]

    def search(self, words: str, ref: str = HEAD, folder: str = "", most: int = 100) -> list[Hit]:
        """The lines of text files that hold exactly these words, in any case of letters."""
        if not words.strip() or "\n" in words:
            raise BenchError("Search for words of one line: the search was empty or had several lines.")
        commit = self._git.commit(ref)
        paths = ["--", checked_path(folder)] if folder else []
        command = ("grep", "-z", "-n", "-I", "-i", "-F", "--full-name", f"--max-count={most}", "-e", words, commit)
        lines = self._git.text(*command, *paths, may_find_nothing=True).splitlines()
        return [_hit(line, commit) for line in lines[:most]]

    def read(self, path: str, ref: str = HEAD) -> str:
        """A text file of at most 1 MiB at a ref. Raises ``BenchError`` for one that is not there, or is no text."""
        commit, path = self._git.commit(ref), checked_path(path)
        entry = self._git.text("ls-tree", "-z", commit, "--", f":(literal){path}").rstrip("\0")
        mode, kind = [*entry.split(), "", ""][:2]
        if kind != "blob" or mode == "120000":
            raise BenchError(f"The product's sources have no file {path} at {ref}: list its folder, or search for it.")
        blob = entry.split()[2]
        if int(self._git.text("cat-file", "-s", blob)) > MOST_BYTES:
            raise BenchError(f"{path} is larger than {MOST_BYTES >> 20} MiB: read it in an editor.")
        content = self._git.run("cat-file", "blob", blob)
        if b"\0" in content:
            raise BenchError(f"{path} is no text file: nothing of it can be shown.")
        return content.decode("utf-8", "replace")

    def changes(self, old: str, new: str = HEAD) -> list[Change]:
        """The files that differ; a renamed one was removed and added."""
        ends = self._git.commit(old), self._git.commit(new)
        parts = self._git.text("diff", "--name-status", "-z", "--no-renames", "--no-ext-diff", *ends, "--").split("\0")
        pairs = zip(parts[::2], parts[1::2], strict=False)
        return [Change(path, _KINDS.get(kind[:1], kind)) for kind, path in pairs if path]

    def diff(self, old: str, new: str = HEAD, path: str = "") -> str:
        """The difference as a patch, of one file or folder where one is given."""
        ends = self._git.commit(old), self._git.commit(new)
        paths = [f":(literal){checked_path(path)}"] if path else []
        return self._git.text("diff", "--no-ext-diff", "--no-textconv", "--no-color", *ends, "--", *paths)

    def archive(self, folder: str, ref: str = HEAD) -> bytes:
        """A folder at a ref as a tar file."""
        return self._git.run("archive", "--format=tar", f"{self._git.commit(ref)}:{checked_path(folder)}")

    def update(self, ref: str) -> Version:
        """Fetches what the remote has and moves the checkout to a ref. Raises ``BenchError`` before local changes would
        be lost, and where the remote cannot be reached."""
        if self._git.text("status", "--porcelain", "--untracked-files=no").strip():
            raise BenchError("The checkout of the product has local changes: commit or stash them, then update.")
        fetch = ("fetch", "--tags", "--prune", "--no-recurse-submodules", "origin")
        self._git.run(*fetch, timeout=FETCH_TIMEOUT_S)
        commit = self._of_remote(ref)
        # Detached: a branch of the checkout stays where its user left it.
        self._git.run("checkout", "--quiet", "--detach", commit, "--", timeout=FETCH_TIMEOUT_S)
        return self.version(commit)

    def _of_remote(self, ref: str) -> str:
        # The own branch of that name may be behind.
        own = re.sub(r"^origin/", "", ref)
        try:
            return self._git.commit(f"refs/remotes/origin/{own}")
        except BenchError:
            return self._git.commit(ref)


def _hit(line: str, commit: str) -> Hit:
    path, number, text = line.split("\0", 2)
    return Hit(path.removeprefix(f"{commit}:"), int(number), text)
