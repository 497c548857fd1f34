"""What a change touches: from the changed files over the keywords in them to the tests that use these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from robot.running import ResourceFile

from pipeline.errors import RunError
from pipeline.keyword_uses import uses
from pipeline.paths import ROOT
from pipeline.quick.keyword_modules import KeywordModules
from pipeline.results.stamp import git
from pipeline.vocabulary import normalized

# Where the text of a diff names a file, and the lines that are new in it.
_FILE = re.compile(r"\+\+\+ b/(.+)")
_LINES = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@")
# What a result depends on. Of other folders, such as docs, no test is expected.
_PARTS = ("libraries/", "resources/", "simulator/", "suites/", "variables/")
# A file that git does not know yet, as lines.
_WHOLE = range(1, 1_000_000)

Test = tuple[str, str]
Lines = list[range]


@dataclass(frozen=True)
class Touched:
    """What a change touches. `files`: changed files of tests; `tests`: (file, name) of tests that use what was changed.

    `others`: changed files that lead to no test.
    """

    files: set[str] = field(default_factory=set)
    tests: set[Test] = field(default_factory=set)
    others: list[str] = field(default_factory=list)


def since(ref: str, root: Path = ROOT) -> Touched:
    """What was changed since this commit or branch left ours, committed or not. Raises RunError when git lacks it."""
    known = git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if not known:
        raise RunError(f"git knows no commit or branch '{ref}' here: fetch it, or leave --since out.")
    base = git("merge-base", known, "HEAD") or known
    prefixes = ("--src-prefix=a/", "--dst-prefix=b/")
    diff = git("-c", "core.quotepath=off", "diff", "--unified=0", "--no-color", "--no-ext-diff", *prefixes, base)
    changed = changed_lines(diff)
    new = git("-c", "core.quotepath=off", "ls-files", "--others", "--exclude-standard")
    changed |= {path: [_WHOLE] for path in new.splitlines()}
    return touched(changed, root)


def changed_lines(diff: str) -> dict[str, Lines]:
    """By file, from the checkout's root: the lines that a diff without context changes. Removed files are left out."""
    found: dict[str, Lines] = {}
    current: Lines = []
    for line in diff.splitlines():
        if line.startswith("+++ "):
            name = _FILE.match(line)
            current = found.setdefault(name[1], []) if name else []
        elif place := _LINES.match(line):
            first, count = int(place[1]), int(place[2] or "1")
            # Where lines were only removed, both neighbours count.
            current.append(range(first, first + count) if count else range(first, first + 2))
    return found


def touched(changed: Mapping[str, Lines], root: Path = ROOT) -> Touched:
    modules = KeywordModules(root / "libraries")
    files = {path for path in changed if path.startswith("suites/") and path.endswith(".robot")}
    found = Touched(files)
    users = uses() if files != set(changed) else {}
    for path in sorted(set(changed) - files):
        keywords = _keywords(root, path, changed[path], modules)
        tests = {(use.file, use.test) for name in keywords for use in users.get(name, [])}
        found.tests.update(tests)
        if not tests and path.startswith(_PARTS):
            found.others.append(path)
    return found


def _keywords(root: Path, path: str, lines: Lines, modules: KeywordModules) -> Iterable[str]:
    """The normalized names of the keywords in these lines of a file, or of those that depend on it."""
    if path.startswith("resources/") and path.endswith(".resource"):
        return _of_resource(root / path, lines)
    if path.startswith("libraries/") and path.endswith(".py"):
        return modules.keywords(root / path, lines)
    return ()


def _of_resource(path: Path, lines: Lines) -> set[str]:
    """Those whose lines were changed; all when lines above the first one were: settings and variables."""
    words = sorted((word.lineno, word.name) for word in ResourceFile.from_file_system(path).keywords)
    starts = [start for start, _ in words]
    ends = [*starts[1:], _WHOLE.stop]
    if not words or any(one.start < starts[0] for one in lines):
        return {normalized(name) for _, name in words}
    return {
        normalized(name)
        for (start, name), end in zip(words, ends, strict=True)
        if any(one.start < end and one.stop > start for one in lines)
    }
