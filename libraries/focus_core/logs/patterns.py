"""Which lines of a log are errors: patterns and allowed lines as data (``variables/log_patterns.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import yaml

from focus_core.base import project, yaml_files
from focus_core.base.errors import BenchError

if TYPE_CHECKING:
    from focus_core.site.model import Site

FILE = project.VARIABLES / "log_patterns.yaml"
Severity = Literal["warning", "error", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
# A shorter beginning stands in too many lines.
_SHORTEST_NEEDLE = 4


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is wrong where one of the ``words`` stands in a line as whole words, in any case of letters."""

    name: str
    words: tuple[str, ...]
    severity: Severity

    @property
    def expression(self) -> str:
        """The regular expression of its words, each of any case."""
        return "|".join(map(re.escape, self.words))


@dataclass(frozen=True, slots=True)
class AllowedLine:
    """A regular expression of lines that are no errors whatever words stand in them, and the reason."""

    line: str
    reason: str


@dataclass(frozen=True)
class Patterns:
    """All patterns and allowed lines of a site."""

    patterns: tuple[Pattern, ...]
    allow: tuple[AllowedLine, ...] = ()

    @classmethod
    def of_site(cls, site: Site | None = None, file: Path = FILE) -> Patterns:
        """Those of the file, and those that the site's file adds. Raises ``BenchError`` naming what is wrong."""
        content = read(file)
        patterns = [_pattern(entry, file) for entry in content.get("patterns") or ()]
        allow = [_allowed(entry, file) for entry in content.get("allow") or ()]
        if site is not None:
            patterns += [Pattern(one.name, tuple(one.words), one.severity) for one in site.logs.patterns]
            allow += [AllowedLine(one.line, one.reason) for one in site.logs.allow]
        if not patterns:
            raise BenchError(f"{file.name} names no pattern, so that no line would be an error; add one.")
        found = cls(tuple(patterns), tuple(allow))
        for one in found.allow:
            try:
                re.compile(one.line)
            except re.error as error:
                raise BenchError(
                    f"The allowed line '{one.line}' is no regular expression ({error}); correct it."
                ) from None
        return found

    def find(self, text: str) -> Pattern | None:
        """The pattern of a line: the worst of those whose words stand in it, None when it is no error."""
        return self.find_in([text.replace("\n", " ")]).get(0)

    def find_in(self, texts: Sequence[str]) -> dict[int, Pattern]:
        """The errors among texts without newlines: the place of each, and its pattern.

        What words begin with is searched through all texts at once, and only where it stands is looked at: that is
        what makes a million lines a second.
        """
        # Lower case may be longer than the text, but has no more newlines.
        lowered = "\n".join(texts).lower()
        worst: dict[int, int] = {}
        for needle, words in self._needles:
            at = lowered.find(needle)
            while at >= 0:
                for word, rank in words:
                    if lowered.startswith(word, at) and _is_whole(lowered, at, at + len(word)):
                        newline = lowered.rfind("\n", 0, at)
                        worst[newline] = min(rank, worst.get(newline, rank))
                at = lowered.find(needle, at + 1)
        found, place, before = {}, 0, 0
        for newline in sorted(worst):
            place += lowered.count("\n", before, newline + 1)
            before = newline + 1
            if self._allowed is None or not self._allowed.search(texts[place]):
                found[place] = self._ranked[worst[newline]]
        return found

    @cached_property
    def _ranked(self) -> tuple[Pattern, ...]:
        """The worst first."""
        return tuple(sorted(self.patterns, key=lambda pattern: -SEVERITIES.index(pattern.severity)))

    @cached_property
    def _allowed(self) -> re.Pattern[str] | None:
        return re.compile("|".join(f"(?:{one.line})" for one in self.allow), re.IGNORECASE) if self.allow else None

    @cached_property
    def _needles(self) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
        """What words begin with, one for all that begin alike, and these words with the rank of their pattern."""
        ranks = sorted((word.lower(), rank) for rank, pattern in enumerate(self._ranked) for word in pattern.words)
        needles = [(ranks[0][0], [ranks[0]])]
        for word, rank in ranks[1:]:
            needle, words = needles[-1]
            alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(needle, word, strict=False)))
            if alike >= _SHORTEST_NEEDLE:
                needles[-1] = word[:alike], [*words, (word, rank)]
            else:
                needles.append((word, [(word, rank)]))
        return tuple((needle, tuple(words)) for needle, words in needles)


def read(file: Path = FILE) -> Mapping[str, Any]:
    """The file as it stands there. Raises ``BenchError`` when it cannot be read."""
    try:
        content = yaml_files.read(file)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BenchError(f"{file.name} cannot be read ({type(error).__name__}); correct or restore it.") from None
    if not isinstance(content, Mapping):
        raise BenchError(f"{file.name} holds no patterns; restore it.")
    return content


def _is_whole(text: str, begin: int, end: int) -> bool:
    """Whether no letter, digit or underscore goes on before or after this part of a text."""
    before, after = text[begin - 1 : begin], text[end : end + 1]
    return not (before.isalnum() or before == "_" or after.isalnum() or after == "_")


def _pattern(entry: Any, file: Path) -> Pattern:
    try:
        pattern = Pattern(str(entry["name"]), tuple(map(str, entry["words"])), entry.get("severity", "error"))
    except (KeyError, TypeError, AttributeError):
        raise BenchError(f"{file.name}: a pattern needs name and words, not {entry!r}; correct it.") from None
    if pattern.severity not in SEVERITIES or not all(one.strip() for one in pattern.words) or not pattern.words:
        raise BenchError(
            f"{file.name}: pattern {pattern.name} needs words that are not empty and a severity of "
            f"{', '.join(SEVERITIES)}, not {entry!r}; correct it."
        )
    return pattern


def _allowed(entry: Any, file: Path) -> AllowedLine:
    try:
        allowed = AllowedLine(str(entry["line"]), str(entry["reason"]))
    except (KeyError, TypeError):
        raise BenchError(f"{file.name}: an allowed line needs line and reason, not {entry!r}; correct it.") from None
    if not allowed.line or not allowed.reason.strip():
        raise BenchError(f"{file.name}: the allowed line {entry!r} needs an expression and a reason; correct it.")
    return allowed
