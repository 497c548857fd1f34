"""What commands wrote on a terminal and when: as asciicast, and as a picture that shows line after line."""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass
from html import escape
from pathlib import Path

COLUMNS = 110
# A pause that is longer tells nothing.
LONGEST_PAUSE_S = 2.0
_LINE, _LETTER, _EDGE = 19, 8.1, 14


@dataclass(frozen=True)
class Line:
    """A line and how long after the line before it came, in seconds; ``typed``: a command."""

    text: str
    pause_s: float
    typed: bool = False


@dataclass(frozen=True)
class Cast:
    title: str
    lines: list[Line]

    def timed(self) -> list[tuple[float, Line]]:
        """The lines as they fit into the terminal, each with its time."""
        at, found = 0.0, []
        for line in self.lines:
            at += min(line.pause_s, LONGEST_PAUSE_S)
            parts = textwrap.wrap(line.text, COLUMNS, drop_whitespace=False, replace_whitespace=False) or [""]
            found += [(at, Line(part, 0.0, line.typed)) for part in parts]
        return found

    def asciicast(self) -> str:
        """Version 2 of asciinema's format: a line of JSON for the head and one for each event."""
        head = {"version": 2, "width": COLUMNS, "height": len(self.timed()) + 1, "title": self.title}
        events = [[round(at, 3), "o", f"{line.text}\r\n"] for at, line in self.timed()]
        return "\n".join(json.dumps(part, ensure_ascii=False) for part in [head, *events]) + "\n"

    def svg(self) -> str:
        """The picture; who wants no motion sees all lines at once."""
        timed = self.timed()
        width, height = COLUMNS * _LETTER + 2 * _EDGE, (len(timed) + 1) * _LINE + _EDGE
        rows = [
            f'<text x="{_EDGE}" y="{(number + 1) * _LINE + 4}" class="{_look(line)}" style="animation-delay:{at:.2f}s">'
            f"{escape(line.text)}</text>"
            for number, (at, line) in enumerate(timed)
        ]
        style = (
            "text{font:13px ui-monospace,'DejaVu Sans Mono',Consolas,monospace;fill:#e0e0e0;white-space:pre;opacity:0;"
            "animation:show .05s forwards}.typed{fill:#80cbc4;font-weight:bold}.bad{fill:#ef9a9a}.good{fill:#a5d6a7}"
            "@keyframes show{to{opacity:1}}@media(prefers-reduced-motion:reduce){text{animation:none;opacity:1}}"
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">'
            f"<title>{escape(self.title)}</title><style>{style}</style>"
            f'<rect width="{width:g}" height="{height:g}" rx="8" fill="#263238"/>\n' + "\n".join(rows) + "\n</svg>\n"
        )

    def write(self, stem: Path) -> None:
        stem.with_suffix(".cast").write_text(self.asciicast(), encoding="utf-8", newline="\n")
        stem.with_suffix(".svg").write_text(self.svg(), encoding="utf-8", newline="\n")


def texts_of(cast_file: Path) -> list[str]:
    """The lines of a written asciicast."""
    _head, *events = cast_file.read_text(encoding="utf-8").splitlines()
    return [str(json.loads(event)[2]).rstrip("\r\n") for event in events]


def _look(line: Line) -> str:
    if line.typed:
        return "typed"
    return "bad" if "FAIL" in line.text else "good" if "PASS" in line.text else "said"
