"""Where the state of a site stands: in a folder that no run removes, the same for every way of starting."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from focus_core.base.errors import BenchError
from focus_core.site import loader as site_loader
from focus_core.site import state
from focus_core.site.model import Site

ASK = "from focus_core.site import loader, state; print(state.state_dir(loader.read('staging')))"


@pytest.fixture
def site() -> Site:
    staging = site_loader.read("staging")
    assert isinstance(staging, Site)
    return staging


def test_a_real_site_has_a_folder_that_no_run_removes(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As run.py starts its lanes: with a scratch folder that goes with the run.
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path / "scratch"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    folder = state.state_dir(site)
    assert folder.is_relative_to(tmp_path / "home" / "focus-acceptance")
    asked = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == str(folder)


def test_the_folder_is_below_the_home_of_the_user_by_default(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for nothing in ("", "relative/path"):
        monkeypatch.setenv("XDG_STATE_HOME", nothing)
        assert state.state_dir(site).is_relative_to(tmp_path / ".local" / "state" / "focus-acceptance")


def test_a_site_is_its_name_and_its_address(site: Site) -> None:
    other_user = replace(site, users=[], description="the same site in the file of somebody else")
    elsewhere = replace(site, focus=replace(site.focus, url="https://10.0.0.9/focus-server"))
    assert state.state_dir(other_user) == state.state_dir(site)
    assert len({state.state_dir(one) for one in (site, elsewhere, replace(site, name="lab"))}) == 3
    assert state.state_dir(replace(site, name="../../a lab")).parent == state.state_dir(site).parent


def test_a_simulated_site_has_its_own_folder(site: Site, tmp_path: Path) -> None:
    assert state.state_dir(replace(site, state_dir=tmp_path / "of the site")) == tmp_path / "of the site"


def test_a_folder_that_cannot_be_made_is_one_sentence(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with pytest.raises(BenchError, match=r"^The state of site staging cannot be kept in .*; set XDG_STATE_HOME .*\.$"):
        state.state_dir(site)


def test_a_user_without_a_home_is_one_sentence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr(Path, "home", no_home)
    with pytest.raises(BenchError, match=r"^This user has no home folder .*; set XDG_STATE_HOME"):
        state.state_dir(site)
