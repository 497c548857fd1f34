"""Makes suites of the examples that stand in the documentation of the keywords."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from examples.prepared import KEYWORDS, VARIABLES, Scene

from pipeline.vocabulary import Found, documented, read

ASSIGNED = re.compile(r"[$@&]\{(\w+)\} ?=")
USED = re.compile(r"[$@&]\{([A-Za-z]\w*)")
# What Robot Framework and the site give to every test.
GIVEN = {"SITE_DATA", "UI", "EMPTY", "NONE", "None"}
# What the suites of these homes carry on each test.
TAGS = {
    "disruption": "exclusive    disruptive",
    "disruptionlibrary": "exclusive    disruptive",
    "load": "exclusive    load",
    "loadlibrary": "exclusive    load",
    "datalibrary": "exclusive    regression",
}
INTERFACES = "    ".join(("rest", "webapp", "mongodb", "rabbitmq", "kubernetes", "grpc", "ssh"))


@cache
def keywords() -> list[Found]:
    """All keywords of resources and libraries, by their homes."""
    return [keyword for path in documented() for keyword in read(path)]


def steps(keyword: Found) -> list[str]:
    """The example between what it finds ready and what ends it."""
    scene = KEYWORDS.get(keyword.name, Scene())
    return [*(scene.before or _made(keyword)), *keyword.examples, *scene.after]


def _made(keyword: Found) -> list[str]:
    """The steps that make the variables of an example."""
    return list(dict.fromkeys(step for name in missing(keyword.examples) for step in VARIABLES.get(name, [])))


def missing(rows: Iterable[str]) -> Iterator[str]:
    """Names of variables that rows use before they assign them."""
    known: set[str] = set()
    for row in rows:
        assigned = ASSIGNED.findall(row)
        yield from (name for name in USED.findall(ASSIGNED.sub("", row)) if name not in known)
        known.update(assigned)


def write_all(folder: Path, left_out: Container[str] = ()) -> None:
    """A suite for each library and resource, without these keywords; suites that disrupt the site come last."""
    wanted = [keyword for keyword in keywords() if keyword.name not in left_out]
    for home, group in groupby(wanted, lambda keyword: keyword.home):
        disrupts = "disruption" in home.casefold()
        tags = TAGS.get(home.casefold(), "regression")
        (folder / f"{2 if disrupts else 1}__{home}.robot").write_text(suite(list(group), tags), encoding="utf-8")


def suite(found: Sequence[Found], tags: str) -> str:
    """The text of a suite with a test for each keyword."""
    lines = ["*** Settings ***"]
    page = found[0].home.casefold().startswith("ui")
    imported = ("focus", "ui") if page else ("focus", "node", "raw_requests")
    opened = f"{INTERFACES}    ui" if page else INTERFACES
    lines += [f"Resource    {name}.resource" for name in imported]
    lines += [f"Suite Setup    Open Site    {opened}", "Suite Teardown    Close Site", f"Test Tags    {tags}"]
    lines += ["Test Teardown    Close Operator Page"] if page else []
    lines += ["Test Timeout    10 minutes"]
    lines += ["", "*** Test Cases ***"]
    for keyword in found:
        lines += [keyword.name, *(f"    {step}" for step in steps(keyword)), ""]
    return "\n".join(lines)
