"""Names on a list, files right in a folder, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcp.server.mcpserver.exceptions import ToolError

from mcp_servers.base.allowed import file_in, one_of


def test_a_name_on_the_list_is_taken_and_another_is_not() -> None:
    assert one_of("site", "simulated", ["simulated"]) == "simulated"
    with pytest.raises(ToolError, match="The site 'production' is not one that this server may use; allowed: simul"):
        one_of("site", "production", ["simulated"])


@pytest.mark.parametrize("name", ["mine", "mine.robot", "My test 2", "בדיקה שלי"])
def test_a_file_stands_right_in_the_folder(tmp_path: Path, name: str) -> None:
    assert file_in(tmp_path, name, ".robot") == tmp_path / f"{name.removesuffix('.robot')}.robot"


@pytest.mark.parametrize(
    "name",
    [
        "../api/health", "..", ".", "", " ", "a/b", "a\\b", "/etc/passwd", "C:\\x", "C:x", "a\0b", "-x", ".hidden",
        "x" * 200, "..%2F..%2Fx", "a\nb", "x.py", "\u202ex", "CON\u2215x", "__init__", "con", "LPT1",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ToolError, match="cannot be the name of a file here"):
        file_in(tmp_path, name, ".robot")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside.robot"
    inside.mkdir()
    outside.write_text("")
    (inside / "mine.robot").symlink_to(outside)
    with pytest.raises(ToolError, match="link to another place"):
        file_in(inside, "mine", ".robot")
