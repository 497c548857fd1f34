"""The pages of libraries and resources, as libdoc makes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import vocabulary
from pipeline.docs_site import keyword_pages


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(vocabulary, "RESOURCES", tmp_path)
    monkeypatch.setattr(vocabulary, "LIBRARIES", tmp_path)
    (tmp_path / "views.resource").write_text("*** Keywords ***\nOpen A View\n    No Operation\n", encoding="utf-8")
    return tmp_path


def test_pages_show_texts_converted_and_an_index_leads_to_them(resources: Path) -> None:
    (resources / "alerts.resource").write_text(
        "*** Settings ***\nDocumentation    Alerts of ``SD``.\n\n"
        "*** Keywords ***\n"
        "Send\n    [Documentation]    Sends ``one``.\n    ...\n    ...    | Send    high\n    No Operation\n"
    )
    (resources / "docs").mkdir()
    (resources / "docs" / "removed.html").touch()
    assert keyword_pages.write(resources / "docs") == []
    assert sorted(path.name for path in (resources / "docs").iterdir()) == ["alerts.html", "index.html", "views.html"]
    # The page holds its texts as JSON, in which libdoc masks the closing of tags.
    page = (resources / "docs" / "alerts.html").read_text(encoding="utf-8")
    assert "<p>Sends <code>one" in page
    assert "<pre>\\nSend    high" in page
    index = (resources / "docs" / "index.html").read_text(encoding="utf-8")
    assert '<a href="alerts.html">alerts</a></td><td><code>Resource    alerts.resource</code>' in index
    assert "Alerts of <code>SD</code>." in index
    assert '<a href="alerts.html#Send">Send</a></td><td><p>Sends <code>one</code>.</p>' in index


def test_what_libdoc_warns_of_is_a_complaint(resources: Path) -> None:
    (resources / "empty.resource").write_text("*** Settings ***\n")
    complaints = keyword_pages.write(resources / "docs")
    assert any("empty.resource" in text for text in complaints)
    assert (resources / "docs" / "views.html").exists()
