"""Runs in a shell that has been used for other things: what it holds neither takes our place nor steers a run."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from support.checkout import ROOT, Checkout, OwnSite

Copy = Callable[[str], Checkout]

RUN = """
*** Settings ***
Library           OwnLibrary
Resource          focus.resource
Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site

*** Test Cases ***
A Library Of The Caller Works Beside Ours
    ${word} =    Own Word
    Should Be Equal    ${word}    own
    ${view} =    Open Live View
    View Should Answer What Was Asked    ${view}
"""


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A folder with a library of the caller's, and with modules that bear the names of ours."""
    folder = tmp_path / "foreign"
    for name in ("pipeline", "simulator", "focus_core", "yaml", "robot", "pabot"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(f"raise SystemExit('the foreign {name}')")
    (folder / "OwnLibrary.py").write_text("def own_word():\n    return 'own'\n")
    return folder


@pytest.fixture
def used_shell(tmp_path: Path, foreign: Path) -> dict[str, str]:
    """What a shell may hold after other work: conda, a debugger, another cluster, a company's CA."""
    authority = tmp_path / "other-ca.pem"
    trustme.CA().cert_pem.write_to_path(str(authority))
    nowhere = str(tmp_path / "nowhere")
    trust = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), str(authority))
    elsewhere = ("KUBECONFIG", "VIRTUAL_ENV", "CONDA_PREFIX", "LD_LIBRARY_PATH", "GIT_DIR", "PIP_TARGET", "UV_PYTHON")
    python = {"PYTHONSAFEPATH": "1", "PYTHONOPTIMIZE": "2", "PYTHONWARNINGS": "error", "PYTHONPATH": str(foreign)}
    return trust | dict.fromkeys(elsewhere, nowhere) | python | {"PIP_USER": "1", "PYTEST_ADDOPTS": "-k nothing"}


@pytest.mark.nightly
def test_modules_named_as_ours_are_reported_and_not_used(here: Checkout, used_shell: dict[str, str]) -> None:
    ended = here.run("keywords", "open live view", env=used_shell)
    assert ended.code == 0, ended.err
    assert "Open Live View" in ended.out
    assert "PYTHONPATH holds 'focus_core' (" in ended.out.splitlines()[0]
    assert "the project's own is used" in ended.out.splitlines()[0]


@pytest.mark.parametrize("name", ["ROBOT_OPTIONS", "REBOT_OPTIONS"])
def test_options_from_the_environment_are_refused(here: Checkout, name: str) -> None:
    ended = here.run("smoke", env={name: "--dryrun"})
    assert ended.code == 252
    assert ended.sentence.startswith(f"run.py: {name} is set, which would change a run")


def test_a_run_id_that_cannot_name_a_folder_is_refused_before_a_site_starts(here: Checkout) -> None:
    ended = here.run("smoke", env={"FOCUS_RUN_ID": "../outside"})
    assert ended.code == 252
    assert ended.sentence.startswith("run.py: FOCUS_RUN_ID is '")
    assert "starting the simulated site" not in ended.out


def test_plain_robot_refuses_such_a_run_id_in_the_same_sentence(
    here: Checkout, site_file: Callable[..., Path], tmp_path: Path
) -> None:
    suite = tmp_path / "plain.robot"
    suite.write_text(RUN.replace("Library           OwnLibrary\n", ""), encoding="utf-8")
    environment = os.environ | {"FOCUS_RUN_ID": "../outside", "FOCUS_SITE": str(site_file())}
    command = [here.root / ".venv" / "bin" / "robot", "--outputdir", tmp_path / "out", suite]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "FOCUS_RUN_ID is '../outside', which cannot name a run's files" in done.stdout
    assert sorted(path.name for path in tmp_path.parent.iterdir() if "outside" in path.name) == []


@pytest.mark.nightly
def test_a_run_in_a_used_shell_is_as_any_other(
    here: Checkout, own_site: OwnSite, used_shell: dict[str, str], tmp_path: Path
) -> None:
    suite = tmp_path / "own.robot"
    suite.write_text(RUN, encoding="utf-8")
    sources = [str(suite), str(ROOT / "suites" / "api"), str(ROOT / "suites" / "node")]
    ended = here.run("suites", "--site", str(own_site.file), "--include", "smoke", *sources, env=used_shell)
    assert ended.code == 0, ended.out + ended.err
    latest = (ROOT / "results" / "latest" / "output.xml").read_text(encoding="utf-8")
    assert "unknown (no git, or not a git checkout)" not in latest


@pytest.mark.nightly
@pytest.mark.parametrize("with_uv", [True, False])
def test_an_installation_in_a_used_shell_goes_into_its_own_environment(
    copy: Copy, used_shell: dict[str, str], tmp_path: Path, with_uv: bool
) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text("[install]\nuser = true\n")
    shell = used_shell | {"PIP_CONFIG_FILE": str(settings), "UV_REQUIRE_HASHES": "1", "UV_SYSTEM_PYTHON": "1"}
    # The index is reached with the machine's own trust.
    shell = {name: value for name, value in shell.items() if name not in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")}
    if not with_uv:
        broken = tmp_path / "bin" / "uv"
        broken.parent.mkdir()
        broken.write_text("#!/bin/sh\nexit 2\n")
        broken.chmod(0o755)
        shell["PATH"] = os.pathsep.join([str(broken.parent), os.environ["PATH"]])
    ended = copy("used").run("keywords", "open live view", env=shell)
    assert ended.code == 0, ended.err
    assert "environment ready" in ended.out
    assert "Open Live View" in ended.out
