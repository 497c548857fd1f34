"""A fake Xray, and this project's settings pointed at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.fake_xray import CLIENT_ID, CLIENT_SECRET, FakeXray
from support.xray_runs import settings_file

from pipeline.xray import keys


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeXray]:
    with FakeXray().running() as server:
        server.add_tests(*(f"PZ-{90000 + n}" for n in range(300)))
        monkeypatch.setenv("FOCUS_XRAY_SETTINGS", str(settings_file(tmp_path / "xray.yaml", server.url)))
        monkeypatch.setenv("XRAY_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("XRAY_CLIENT_SECRET", CLIENT_SECRET)
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
        monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))
        yield server


@pytest.fixture
def created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of created keys, empty."""
    path = tmp_path / "xray_created.yaml"
    path.write_text("# made by tests\n{}\n", encoding="utf-8")
    monkeypatch.setattr(keys, "CREATED", path)
    return path
