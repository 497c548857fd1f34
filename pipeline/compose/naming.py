"""Names of suites that testers make, and of their files."""

from __future__ import annotations

import re

from pipeline.errors import RunError

# Letters and digits of any language. The rest means something to Robot, to a shell or to a file system.
UNSAFE = re.compile(r"[^\w .,:()'!?-]|_", re.UNICODE)


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
