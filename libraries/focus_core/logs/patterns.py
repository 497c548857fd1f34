"""Which lines of a log are errors: patterns and allowed lines as data (``variables/log_patterns.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
        lowered = text.lower()
        if not any(needle in lowered for needle in self._needles):
            return None
        found = [self.patterns[number] for number, one in enumerate(self._expressions) if one.search(text)]
        if not found or (self._allowed is not None and self._allowed.search(text)):
            return None
        return max(found, key=lambda pattern: SEVERITIES.index(pattern.severity))

    def find_all(self, chunk: bytes) -> Iterator[tuple[bytes, Pattern]]:
        """The lines of a chunk of whole lines that are errors, each with its pattern, in their order.

        Needles are searched through the whole chunk, and only the lines that hold one are looked at: that is what
        makes a million lines a second.
        """
        lowered = chunk.lower()
        begins = {
            lowered.rfind(b"\n", 0, at) + 1 for needle in self._needles_in_bytes for at in _places(lowered, needle)
        }
        for begin in sorted(begins):
            end = chunk.find(b"\n", begin)
            line = chunk[begin : end if end >= 0 else len(chunk)]
            pattern = self.find(line.decode("utf-8", "replace"))
            if pattern is not None:
                yield line, pattern

    @cached_property
    def _expressions(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(rf"(?<!\w)(?:{one.expression})(?!\w)", re.IGNORECASE) for one in self.patterns)

    @cached_property
    def _allowed(self) -> re.Pattern[str] | None:
        return re.compile("|".join(f"(?:{one.line})" for one in self.allow), re.IGNORECASE) if self.allow else None

    @cached_property
    def _needles(self) -> tuple[str, ...]:
        """What a line must hold to be an error: beginnings of the words, one for all that begin alike."""
        words = sorted({one.lower() for pattern in self.patterns for one in pattern.words})
        needles = [words[0]]
        for word in words[1:]:
            alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(needles[-1], word, strict=False)))
            if alike >= _SHORTEST_NEEDLE:
                needles[-1] = word[:alike]
            else:
                needles.append(word)
        return tuple(needles)

    @cached_property
    def _needles_in_bytes(self) -> tuple[bytes, ...]:
        return tuple(one.encode() for one in self._needles)


def read(file: Path = FILE) -> Mapping[str, Any]:
    """The file as it stands there. Raises ``BenchError`` when it cannot be read."""
    try:
        content = yaml_files.read(file)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BenchError(f"{file.name} cannot be read ({type(error).__name__}); correct or restore it.") from None
    if not isinstance(content, Mapping):
        raise BenchError(f"{file.name} holds no patterns; restore it.")
    return content


def _places(text: bytes, needle: bytes) -> Iterator[int]:
    """One place of the needle in each line that has it."""
    at = text.find(needle)
    while at >= 0:
        yield at
        end = text.find(b"\n", at)
        at = text.find(needle, end) if end >= 0 else -1


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
