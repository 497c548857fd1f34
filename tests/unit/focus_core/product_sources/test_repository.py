"""The product's sources, in a small repository made here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from focus_core.base.errors import BenchError
from focus_core.product_sources import imports
from focus_core.product_sources.repository import Change, Hit, Repository
from support import failed_run, product_repository
from support.checkout import ROOT
from support.product_repository import git, write

SUITE = "suites/product_sources/repository.robot"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return product_repository.make(tmp_path_factory.mktemp("product"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """One that a test may change."""
    return product_repository.make(tmp_path)


@pytest.fixture(scope="module")
def sources(checkout: Path) -> Repository:
    return Repository.at(checkout)


def test_version_and_refs(sources: Repository, checkout: Path) -> None:
    version = sources.version()
    assert (version.commit, version.branch) == (git(checkout, "rev-parse", "HEAD"), "main")
    assert version.subject == "First version"
    assert version.date[:2] == "20"
    assert {"main", "origin/main", "v1"} <= {ref.name for ref in sources.refs()}


def test_services_are_the_folders(sources: Repository) -> None:
    services = sources.services()
    assert services["focus_server"] == "focus_server"
    assert {"pzpy", "analyzer"} < set(services)
    assert sorted(sources.files("focus_server")) == ["Dockerfile", "app/", "requirements.txt", "src/"]
    assert sources.files("nowhere") == []
    with pytest.raises(AssertionError, match="no service 'billing', only analyzer"):
        sources.service_folder("billing")


def test_services_may_lie_in_a_folder(checkout: Path) -> None:
    inside = Repository.at(checkout, ("focus_server",)).services()
    assert inside == {"app": "focus_server/app", "src": "focus_server/src"}


def test_what_is_searched_is_a_text_and_no_pattern(sources: Repository) -> None:
    assert sources.search("max_nfft") == [Hit("focus_server/src/views.py", 1, "MAX_NFFT = 4096")]
    assert sources.search("ליבה")[0].path == "pz_core_libs/src/pz_core_libs/__init__.py"
    assert sources.search("MAX.NFFT") == []
    assert sources.search("PORT =", folder="analyzer/") == []
    assert sources.search("--open-files-in-pager=touch pwned") == []


def test_a_file_is_read_as_it_was_at_a_ref(own: Path) -> None:
    write(own, {"focus_server/src/views.py": "MAX_NFFT = 1\n"}, "Change")
    (own / "focus_server/src/views.py").write_text("not committed")
    sources = Repository.at(own)
    assert sources.read("focus_server/src/views.py") == "MAX_NFFT = 1\n"
    assert sources.read("focus_server\\src\\views.py", "v1") == "MAX_NFFT = 4096\n"
    assert sources.changes("v1") == [Change("focus_server/src/views.py", "changed")]
    assert "-MAX_NFFT = 4096\n+MAX_NFFT = 1" in sources.diff("v1", "HEAD", "focus_server")
    assert sources.diff("v1", "HEAD", "pzpy") == ""


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a/../../x", "C:\\x", ":(top)x", "-x", "~/x", "", ".git/config", "\\\\host\\x"]
)
def test_paths_that_lead_out_are_refused(sources: Repository, path: str) -> None:
    with pytest.raises(BenchError, match="no path inside"):
        sources.read(path)


@pytest.mark.parametrize("ref", ["--upload-pack=x", "a..b", "HEAD:x", "@{-1}", "x y", "", "-h", "x\n", "a" * 300])
def test_refs_that_are_none_are_refused(sources: Repository, ref: str) -> None:
    with pytest.raises(BenchError, match="cannot be a branch"):
        sources.version(ref)


def test_what_is_not_there_is_named(sources: Repository, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no branch, tag or commit 'v9'"):
        sources.version("v9")
    with pytest.raises(BenchError, match=r"no file nowhere\.py at v1"):
        sources.read("nowhere.py", "v1")
    with pytest.raises(BenchError, match="no file pzpy at HEAD"):
        sources.read("pzpy")
    with pytest.raises(BenchError, match="no checkout of the product's sources"):
        Repository.at(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own on Windows")
def test_a_link_leads_nowhere(own: Path) -> None:
    (own / "link.txt").symlink_to("/etc/hostname")
    write(own, {}, "A link")
    with pytest.raises(BenchError, match=r"no file link\.txt"):
        Repository.at(own).read("link.txt")


def test_a_large_file_and_a_binary_one_are_not_shown(own: Path) -> None:
    (own / "data.bin").write_bytes(b"\0\1")
    write(own, {"large.txt": "x" * (2 << 20)}, "Large")
    for name, words in (("large.txt", "larger than 1 MiB"), ("data.bin", "no text file")):
        with pytest.raises(BenchError, match=words):
            Repository.at(own).read(name)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_nothing_of_the_checkout_is_executed(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = tmp_path / "executed"
    script = tmp_path / "script.sh"
    script.write_text(f"#!/bin/sh\ntouch {proof}\n")
    script.chmod(0o755)
    hook = own / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(script.read_text())
    hook.chmod(0o755)
    git(own, "config", "core.fsmonitor", str(script))
    git(own, "config", "diff.external", str(script))
    git(own, "config", "diff.evil.textconv", str(script))
    write(own, {".gitattributes": "*.py diff=evil\n", "pzpy/time.py": "changed = 1\n"}, "Attributes")
    proof.unlink(missing_ok=True)
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    sources = Repository.at(own)
    sources.diff("v1")
    sources.search("changed")
    sources.update("main")
    assert not proof.exists()


def test_an_update_fetches_and_loses_nothing(own: Path) -> None:
    sources = Repository.at(own)
    with pytest.raises(AssertionError):
        sources.service_folder("mystery")
    (own / "pzpy/time.py").write_text("mine")
    with pytest.raises(BenchError, match="has local changes"):
        sources.update("main")
    assert (own / "pzpy/time.py").read_text() == "mine"
    git(own, "checkout", "--", "pzpy/time.py")
    version = sources.update("main")
    assert version.commit == git(own.parent / "remote", "rev-parse", "HEAD")
    assert "mystery" in sources.services()
    assert git(own, "rev-parse", "main") == git(own, "rev-parse", "v1")


def test_a_remote_that_is_gone_is_named(own: Path) -> None:
    (own.parent / "remote").rename(own.parent / "moved")
    with pytest.raises(BenchError, match="git fetch failed"):
        Repository.at(own).update("main")


def test_modules_are_imported_from_the_commit(own: Path) -> None:
    sources = Repository.at(own)
    assert imports.problem(sources, "pzpy") == ""
    assert imports.problem(sources, "pz_core_libs") == ""
    write(own, {"pzpy/time.py": "import no_such_package\n"}, "Broken")
    assert imports.problem(sources, "pzpy") == "ModuleNotFoundError: No module named 'no_such_package'"
    with pytest.raises(BenchError, match="no name of a Python module"):
        imports.problem(sources, "os;print")


def run_suite(checkout: Path | None, folder: Path) -> tuple[int, str]:
    """Robot's exit code and screen for the suite on a site with this checkout, or without."""
    folder.mkdir()
    failed_run.write_site(
        "http://127.0.0.1:9", folder, {"product_sources": {"path": str(checkout)}} if checkout else {}
    )
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{folder / 'site.yaml'}"]
    command += ["--outputdir", str(folder / "run"), SUITE]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120, env=os.environ
    )
    return done.returncode, done.stdout


@pytest.mark.nightly
def test_the_suite_passes_on_whole_sources_fails_on_others_and_is_skipped_without(own: Path, tmp_path: Path) -> None:
    code, screen = run_suite(own, tmp_path / "whole")
    assert (code, "5 tests, 5 passed" in screen) == (0, True), screen
    git(own, "rm", "-r", "--quiet", "analyzer", "focus_server/Dockerfile", "pzpy/time.py")
    git(own, "-c", "user.name=A", "-c", "user.email=a@example.invalid", "commit", "--quiet", "--message", "Less")
    git(own, "checkout", "--quiet", "--detach")
    code, screen = run_suite(own, tmp_path / "less")
    assert (code, "5 tests, 1 passed, 4 failed" in screen) == (4, True), screen
    code, screen = run_suite(None, tmp_path / "none")
    assert (code, "5 tests, 0 passed, 0 failed, 5 skipped" in screen) == (0, True), screen
