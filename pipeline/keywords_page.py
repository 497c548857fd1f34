"""docs/keywords.md: every keyword, by what a tester wants to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import RunError
from pipeline.vocabulary import Found

HEAD = "| keyword | arguments | what it does |"
_INTRODUCTION = """# The testers' keywords

All of them, by what a tester wants to do. They come with `Resource    focus.resource`; those about the node with
`node.resource`, for raw requests with `raw_requests.resource`, about the operator's page with `ui.resource` beside it.
`python run.py keywords WORDS` finds them by words, also by those that the glossary avoids, and shows an example of
each. Made by `python run.py keywords --page`."""


@dataclass(frozen=True)
class Group:
    """A purpose, and the first words of the names that serve it."""

    title: str
    verbs: frozenset[str]


# What an operator does on the page.
_OF_THE_PAGE = frozenset(
    [
        *("Add", "Analyse", "Answer", "Choose", "Expect", "Go", "Group", "Hide", "Leave", "Load", "Press", "Review"),
        *("Save", "Sign", "Sort", "Start", "Turn", "Untick", "Zoom"),
    ]
)
GROUPS = (
    Group("Open", frozenset({"Open", "Fill", "Generate", "Hold", "Log", "New", "Raise"})),
    Group("Look", frozenset(["Get", "Find", "List", "Read", "Measure", "Longest", "Nyquist", "Rows", "Show", "Note"])),
    Group("Send", frozenset(["Apply", "Send", "Ask", "Change", "Publish", "Bind", "Run", "Kubectl", "Write"])),
    Group("Use the page", _OF_THE_PAGE),
    Group("Break", frozenset(["Let", "Take", "Kill", "Freeze", "Cut", "Break", "Delete", "Disconnect"])),
    Group("Wait", frozenset({"Wait", "Keep"})),
    Group("Clean", frozenset(["Close", "Remove", "Discard", "Bring", "Restore", "Thaw"])),
)
CHECK = "Check"
# The order in which a test is written.
ORDER = ("Open", "Look", CHECK, "Send", "Use the page", "Break", "Wait", "Clean")
# Libraries whose resource is called otherwise.
RESOURCE_OF = {
    "alert": "alerts",
    "mongo": "mongodb",
    "rabbit": "rabbitmq",
    "recording": "recordings",
    "stream": "streams",
    "view": "views",
}
# Whose first word says something else.
BY_NAME = {
    "Log Out Of The Node": "Clean",
    "Page Errors May Come": "Use the page",
    "Text Of View": "Look",
    "Site Waits For Its Fibre": "Wait",
}


def purpose(name: str) -> str:
    """The title of a keyword's group; a name that fits none is refused, so that a new verb gets its place."""
    if name in BY_NAME:
        return BY_NAME[name]
    words = name.split()
    if "Should" in words:
        return CHECK
    for group in GROUPS:
        if words[0] in group.verbs:
            return group.title
    raise RunError(f"'{name}' begins with a verb of no group: add it to GROUPS in pipeline/keywords_page.py.")


def markdown(keywords: Sequence[Found]) -> str:
    """The page: a section for each purpose, in it a table for each subject, as `views` of its library and resource."""
    lines = [_INTRODUCTION]
    for title in ORDER:
        group = [keyword for keyword in keywords if purpose(keyword.name) == title]
        lines += ["", f"## {title}"] if group else []
        for about in sorted({subject(keyword) for keyword in group}):
            lines += ["", f"**{about}**", "", HEAD, "|---|---|---|"]
            lines += sorted(row(keyword) for keyword in group if subject(keyword) == about)
    return "\n".join(lines) + "\n"


def subject(keyword: Found) -> str:
    """What a library or resource is about, by the name of the resource: `views` of ViewLibrary too."""
    name = keyword.home.removesuffix("Library").casefold()
    return RESOURCE_OF.get(name, name)


def row(keyword: Found) -> str:
    arguments = " ".join(f"`{part}`" for part in keyword.arguments.split("    ") if part)
    return f"| {_cell(keyword.name)} | {_cell(arguments)} | {_cell(keyword.sentence)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
