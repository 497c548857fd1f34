"""What Robot's messages hold: the reason, attempts that a merge quotes, the known bugs that explain a failure."""

from __future__ import annotations

import re
from html import unescape

HTML = "*HTML*"
# Robot's own lines above a reason: headings, and what it adds where it skips a failure or merges results.
HEADING = re.compile(
    r"(\d+\) ?)?("
    r"(Several|Also) failures? occurred:|Also failures occurred:|"
    r"(Also )?((parent )?suite |keyword )?(setup|teardown) failed:|Skipped in ((parent )?suite )?(setup|teardown):|"
    r"(Earlier|Original) (message|failure):|Failed (test|task) skipped using .* tag\.|"
    r"(Test|Task|Suite) added from merged output\.|.* has been re-executed and results merged\..*"
    r")?",
    re.IGNORECASE,
)
NUMBER = re.compile(r"^\d+\) ")
# As focus_core.run.known_bugs begins the message of a failure that is explained, a line for each bug.
BUG = re.compile(r"(?:Known bug|Open question) (PZ-\w+): ")
MERGED = '<span class="merge">'
# An attempt that rebot --merge quotes, the newest first.
QUOTED = re.compile(
    r'<span class="(?P<age>new|old)-status">\w+ status:</span> <span class="\w+">(?P<status>[A-Z ]+)</span>(?:<br>)?'
    r'(?:<span class="(?P=age)-message">\w+ message:</span> (?P<message>.*?)(?:<br>)?)?'
    r'(?=<hr><span class="old-status">|\s*\Z)',
    re.DOTALL,
)
IGNORED = re.compile(
    r'\*HTML\* \w+ has been re-executed and results merged\. Latter result had <span class="skip">SKIP</span> '
    r"status and was ignored\. Message:\n(?P<new>.*?)(?:<hr>Original message:\n(?P<old>.*))?\Z",
    re.DOTALL,
)


def attempts(status: str, message: str) -> tuple[list[tuple[str, str]], int]:
    """Status and plain message of each attempt, the first one first, and which of them the result itself is."""
    if MERGED in message:
        quoted = [(found["status"], found["message"] or "") for found in QUOTED.finditer(message)]
        if quoted:
            found = [(one, plain(f"{HTML}{text}")) for one, text in reversed(quoted)]
            return found, len(found) - 1
    ignored = IGNORED.match(message)
    if ignored:
        old, new = (plain(f"{HTML}{text or ''}") for text in (ignored["old"], ignored["new"]))
        return [(status, old), ("SKIP", new)], 0
    return [(status, plain(message))], 0


def plain(message: str) -> str:
    """The message as text, of an HTML one too."""
    if message.startswith(HTML) or "<br>" in message:
        message = message.removeprefix(HTML).replace("<br>", "\n").replace("<hr>", "\n")
        message = unescape(re.sub("<[^>]*>", "", message))
    return message.strip()


def first_line(message: str) -> str:
    """The first line of a plain message that gives a reason.

    A line that ends with a colon gives its reasons in those below it, of which the first is added.
    """
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    reasons = [line for line in lines if not HEADING.fullmatch(line)] or lines[:1]
    shown = 2 if reasons and reasons[0].endswith(":") else 1
    found = " ".join(line.removeprefix("- ") for line in reasons[:shown])
    # Robot numbers the failures below its heading.
    return NUMBER.sub("", found) if reasons[:1] != lines[:1] else found


def bugs(message: str) -> tuple[str, ...]:
    """The keys of the known bugs and open questions that a plain message begins with."""
    keys = []
    for line in message.splitlines():
        found = BUG.match(line)
        if not found:
            break
        keys.append(found[1])
    return tuple(keys)
