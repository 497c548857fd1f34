"""`run.py new NAME`: a suite of your own in suites/sandbox, which runs at once; `--from-key`: of a scenario."""

from __future__ import annotations

import argparse
import re

from pipeline import console
from pipeline.compose.naming import clean, file_name, quoted
from pipeline.errors import RunError
from pipeline.paths import ROOT, SANDBOX

TEMPLATE = """\
*** Settings ***
Documentation     {name}
Resource          focus.resource
Suite Setup       Open Site    rest
Suite Teardown    Close Site
Test Tags         sandbox


*** Test Cases ***
{name}
    ${{view}} =    Open Live View    channels=11-109    nfft=1024
    View Should Answer What Was Asked    ${{view}}
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="*", metavar="NAME", help="what the test shows, for example 'My first check'")
    parser.add_argument(
        "--from-key",
        metavar="KEY",
        help="a draft for a scenario of the catalogue, such as PZ-13784: its title, its rules",
    )
    parser.add_argument("--another", action="store_true", help="with --from-key: also where tests show the scenario")


# What begins as a path does, and one word with a folder in it; "GET /channels Answers" is a name.
_PATH = re.compile(r"[./\\~]|\S+[/\\]\S*$")


def main(options: argparse.Namespace) -> int:
    asked = " ".join(options.name).strip()
    if _PATH.match(asked):
        raise RunError(
            f"'{asked}' is a path, and a suite gets a name: it is made in suites/sandbox, from where it can be moved."
        )
    if options.from_key is not None:
        return from_key(options)
    if options.another:
        raise RunError("--another goes with --from-key KEY: add it, or leave --another out.")
    name = clean(asked)
    path = SANDBOX / f"{file_name(name)}.robot"
    SANDBOX.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE.format(name=name))
    except FileExistsError:
        raise RunError(f"There is already a {path.relative_to(ROOT)}: choose another name or edit that file.") from None
    shown = path.relative_to(ROOT).as_posix()
    console.say(f"made {shown}\nrun it: python run.py try {quoted(shown)}\nfind a keyword: python run.py keywords WORD")
    return 0


def from_key(options: argparse.Namespace) -> int:
    """0 when the draft lies in the sandbox; a key without a scenario, or with tests, is a RunError."""
    # Reading all words takes a moment, which a suite from the template does not need.
    from pipeline.compose import scenarios, suite_text

    draft = scenarios.draft(options.from_key, another=options.another)
    path, draft.name = suite_text.path_of(" ".join(options.name) or draft.name)
    suite_text.write(draft, path)
    console.say(f"{draft.documentation}\n{suite_text.shown(path)}")
    console.say("its test fails until you finish it; find a keyword: python run.py keywords WORD")
    return 0
