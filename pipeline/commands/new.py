"""`run.py new NAME`: a suite of your own in suites/sandbox, which runs at once."""

from __future__ import annotations

import argparse
import re

from pipeline import console
from pipeline.errors import RunError
from pipeline.paths import ROOT, SANDBOX

# Letters and digits of any language. The rest means something to Robot, to a shell or to a file system.
UNSAFE = re.compile(r"[^\w .,:()'!?-]|_", re.UNICODE)

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


def main(options: argparse.Namespace) -> int:
    name = clean(" ".join(options.name))
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


def clean(name: str) -> str:
    """The test's name: what Robot takes as it stands, single spaces."""
    cleaned = " ".join(UNSAFE.sub(" ", name).split())
    if not re.search(r"\w", cleaned):
        raise RunError("A suite needs a name: python run.py new 'My first check'.")
    return cleaned


def file_name(name: str) -> str:
    """Words joined by underscores. Robot cuts `01__` off and ignores files that begin with a dot or underscore."""
    return "_".join(re.findall(r"\w+", name.lower()))


def quoted(path: str) -> str:
    return f'"{path}"' if re.search(r"[^\x21-\x7e]", path) else path
