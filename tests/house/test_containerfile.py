"""The Containerfile: no image can be built here, so a linter and what can be said without building it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "deploy" / "Containerfile"
HADOLINT = Path(sys.executable).with_name("hadolint")


def instructions() -> list[tuple[str, str]]:
    """Each instruction with its arguments, on one line."""
    text = re.sub(r"\\\n\s*", "", FILE.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def copied() -> list[list[str]]:
    """The sources of each COPY, then its target."""
    return [arguments.split() for name, arguments in instructions() if name == "COPY"]


def lint(text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([HADOLINT, "-"], input=text, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="hadolint is not made for Windows")
def test_the_linter_finds_nothing_and_would_find_something() -> None:
    text = FILE.read_text(encoding="utf-8")
    done = lint(text)
    assert done.returncode == 0, done.stdout
    spoilt = lint(
        text.replace("USER 10001:10001", "USER root\nRUN sudo cd /tmp").replace("FROM ${BASE}", "FROM python")
    )
    assert {"DL3002", "DL3004", "DL3006"} <= set(re.findall(r"DL\d+", spoilt.stdout))


def test_the_base_is_given_with_its_digest_and_the_user_is_not_root() -> None:
    found = instructions()
    assert ("FROM", "${BASE}") in found
    assert ("ARG", "BASE") in found  # without a default, which would grow old
    check = next(arguments for name, arguments in found if name == "RUN" and "@sha256:" in arguments)
    for base, code in (("python:3.12-slim", 1), ("python:3.12-slim@sha256:0", 0)):
        done = subprocess.run(["sh", "-c", check], env={"BASE": base}, capture_output=True, check=False)
        assert done.returncode == code
    users = [arguments for name, arguments in found if name == "USER"]
    assert users[-1] == "10001:10001"
    assert not [name for name, _ in found if name == "ADD"]


def test_everything_that_is_copied_is_in_the_checkout_and_no_more_than_the_suites_need() -> None:
    sources = [source for *sources, _ in copied() for source in sources]
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(re.search(rf"^{re.escape(source)}", listed, re.MULTILINE) for source in sources)
    folders = {source.rstrip("/") for source in sources if source.endswith("/")}
    assert folders == {"pipeline", "libraries", "resources", "variables", "suites"}


def test_the_environment_can_be_made_of_the_files_that_are_copied_before_it(tmp_path: Path) -> None:
    before = copied()[:2]
    for *sources, target in before:
        (tmp_path / target).mkdir(exist_ok=True)
        for source in sources:
            shutil.copy2(ROOT / source, tmp_path / target)
    command = next(arguments for name, arguments in instructions() if name == "RUN" and "ensure()" in arguments)
    words = re.findall(r'"(.*?)"', command)
    assert words[:2] == ["python", "-c"]
    # As there, without a package that is installed here; what would be installed is asked, not done.
    asked = words[2].replace("environment.ensure()", "print(environment.wanted()['folder'], environment.installed())")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {asked}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == [str(tmp_path), "None"], done.stderr
