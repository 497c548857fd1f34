"""A log as the Kubernetes API sends it: chunks of bytes, of which each line begins with the time it was written at."""

from __future__ import annotations

from calendar import timegm
from dataclasses import dataclass, field
from functools import lru_cache
from time import strptime

# What the kubelet writes has nine digits at most, and no zeros at the end.
_DIGITS = 9
# A program that never writes a newline must not fill the memory.
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class StampedLine:
    """One line: ``stamp`` as the API wrote it, ``at`` the same in seconds since the epoch, the text without newline."""

    stamp: str
    at: float
    text: str


@dataclass
class LogPosition:
    """How far one container's log was read, so that it can be read on from there: no line twice, none left out.

    A log is asked for again by whole seconds (sinceTime), so that lines come again that were seen already: those with
    an older stamp, and as many of the last stamp as were seen. A line that an answer breaks off in is thrown away; the
    next answer has it whole.
    """

    last: str = ""
    at_last: int = 0
    # Of the answer that is being read.
    _rest: bytes = b""
    _skip: int = 0
    _resuming: bool = False
    _unseen: list[str] = field(default_factory=list)

    def since(self) -> str:
        """What to give as sinceTime; nothing when no line was read yet."""
        return f"{self.last[:19]}Z" if self.last else ""

    def begin(self) -> None:
        """A new answer begins."""
        self._rest, self._skip, self._resuming = b"", self.at_last, bool(self.last)
        self._unseen.clear()

    def feed(self, chunk: bytes) -> list[StampedLine]:
        """The lines that are whole now and were not seen before."""
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            whole.append(self._rest)
            self._rest = b""
        found = []
        for raw in whole:
            line = self._line(raw)
            if line is not None:
                found.append(line)
        return found

    def take_gap(self) -> tuple[str, str] | None:
        """Once: the stamps of the lines around a gap, where an answer did not begin with the last line seen.

        That line is gone when the log was rotated away meanwhile, and with it others may be gone too.
        """
        if not self._unseen:
            return None
        before, after = self._unseen
        self._unseen.clear()
        return before, after

    def is_missing_last(self) -> bool:
        """Whether the answer that has just ended did not hold the last line seen, nor any after it."""
        return self._resuming and self._skip == self.at_last

    def _line(self, raw: bytes) -> StampedLine | None:
        head, _, text = raw.partition(b" ")
        if not head[:1].isdigit() or head[-1:] != b"Z":
            # A word of the API itself, as 'unable to retrieve container logs': no line of the program.
            return None
        stamp = head.decode("ascii", "replace")
        key = sortable(stamp)
        if self._resuming and self._is_known(key):
            return None
        if key > self.last:
            self.last, self.at_last = key, 1
        elif key == self.last:
            self.at_last += 1
        return StampedLine(stamp, epoch(stamp), text.decode("utf-8", "replace").rstrip("\r"))

    def _is_known(self, key: str) -> bool:
        if key < self.last:
            return True
        if key == self.last and self._skip:
            self._skip -= 1
            self._resuming = self._skip > 0
            return True
        if self._skip == self.at_last:
            # Not even the last line that was seen came again.
            self._unseen[:] = [self.last, key]
        self._resuming = False
        return False


def sortable(stamp: str) -> str:
    """The stamp with all nine digits, so that texts compare as times do."""
    second, _, fraction = stamp.removesuffix("Z").partition(".")
    return f"{second}.{fraction:0<{_DIGITS}}"


def epoch(stamp: str) -> float:
    """Seconds since the epoch of a stamp in UTC. Raises ``ValueError``."""
    second, _, fraction = stamp.removesuffix("Z").partition(".")
    return _second(second) + (float(f"0.{fraction}") if fraction else 0.0)


# Lines come by the hundred in one second.
@lru_cache(maxsize=1024)
def _second(text: str) -> int:
    return timegm(strptime(text, "%Y-%m-%dT%H:%M:%S"))
