"""The checkouts and sites that the tests of run.py start from."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from support.checkout import ROOT, SITE, Checkout, OwnSite, base_python, site_of_its_own


@pytest.fixture(scope="session")
def here() -> Checkout:
    """This checkout, whose environment is complete: for runs that install nothing."""
    return Checkout(ROOT, base_python())


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[str], Checkout]:
    """Copies what git would have of this checkout into a new folder of the given name."""

    def make(name: str) -> Checkout:
        target = tmp_path / name
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        for relative in filter(None, listed.stdout.decode().split("\0")):
            if (ROOT / relative).is_file():
                (target / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / relative, target / relative)
        return Checkout(target, base_python())

    return make


@pytest.fixture
def site_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes the file of a site that nobody runs; keyword arguments replace sections."""

    def make(**changes: object) -> Path:
        secret = tmp_path / "secret"
        secret.write_text("x")
        secret.chmod(0o600)
        content = yaml.safe_load(SITE) | changes
        for section in ("rabbitmq", "node"):
            content[section].setdefault("password", {"file": str(secret)})
        content["users"] = [{"username": "lane0", "password": {"file": str(secret)}, "role": "admin"}]
        path = tmp_path / "nobody.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    return make


@pytest.fixture
def site(site_file: Callable[..., Path]) -> str:
    """The file of a site that offers nothing: for runs of suites that need none."""
    return str(site_file(capabilities=[]))


@pytest.fixture
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    with site_of_its_own(tmp_path_factory.mktemp("own")) as site:
        yield site


@pytest.fixture
def run_id(here: Checkout, tmp_path: Path) -> Iterator[str]:
    """The id of a run of this checkout. Of it and of runs whose ids begin so nothing is left afterwards."""
    chosen = f"ci-{tmp_path.name.lower()}".replace("_", "-")[:60].rstrip("-")
    yield chosen
    for folder in (ROOT / "results").glob(f"*/{chosen}*"):
        shutil.rmtree(folder, ignore_errors=True)
    here.run("history", "rebuild")
