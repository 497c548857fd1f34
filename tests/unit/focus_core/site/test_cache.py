"""The cache of site files: only the very same bytes are taken for known."""

import shutil
from pathlib import Path

import pytest
from focus_core.base.errors import SiteFileError
from focus_core.site import cache as site_cache
from focus_core.site import loader as site_loader
from focus_core.site.model import Site


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(site_cache, "FOLDER", tmp_path / "cache")
    return Path(shutil.copy(site_loader.SITES / "staging.yaml", tmp_path / "mine.yaml"))


def test_a_known_file_gives_the_same_site(mine: Path) -> None:
    first = site_loader.read(str(mine))
    known = site_cache.recall(mine)
    assert isinstance(known, Site)
    assert repr(known) == repr(first)
    assert repr(site_loader.read(str(mine))) == repr(first)


def test_a_changed_file_is_validated_again(mine: Path) -> None:
    site_loader.read(str(mine))
    mine.write_text(mine.read_text(encoding="utf-8").replace("auth: ", "auth: x"), encoding="utf-8")
    assert site_cache.recall(mine) is None
    with pytest.raises(SiteFileError, match=r"focus\.auth"):
        site_loader.read(str(mine))


def test_changed_client_settings_are_read_again(mine: Path) -> None:
    settings = mine.with_name("settings.json")
    text = (
        '{"Constraints": {"SensorsRange": 2337, "FrequencyMax": 900, "MaxWindows": 20},'
        ' "Options": {"nfftSingleChannel": [128, 256]},'
        ' "Defaults": {"StartChannel": 11, "EndChannel": 109, "StartFrequency_hz": 0, "EndFrequency_hz": 900,'
        ' "Nfft": 256, "DisplayTimeAxisDuration": 30}}'
    )
    settings.write_text(text, encoding="utf-8")
    mine.write_text(mine.read_text(encoding="utf-8") + "\nsettings_file: settings.json\n", encoding="utf-8")
    site_loader.read(str(mine))
    assert site_cache.recall(mine) is not None
    settings.write_text(text.replace("2337", "2000"), encoding="utf-8")
    assert site_cache.recall(mine) is None


def test_a_broken_entry_or_folder_does_no_harm(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site_loader.read(str(mine))
    for entry in (tmp_path / "cache").iterdir():
        entry.write_bytes(b"half an ent")
    assert isinstance(site_loader.read(str(mine)), Site)
    monkeypatch.setattr(site_cache, "FOLDER", mine / "no folder")
    assert isinstance(site_loader.read(str(mine)), Site)
