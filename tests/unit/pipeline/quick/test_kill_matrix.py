"""The kill matrix as a file: small, sorted, and unchanged where a new measurement found the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.quick import kill_matrix
from pipeline.quick.kill_matrix import KillMatrix, Kills

MATRIX = KillMatrix(
    "api", {"Api.Two": Kills(2.04), "Api.One": Kills(0.31, ("shared-port", "empty-status"), 12)}, ("configure-late",)
)


def test_a_matrix_is_read_as_it_was_written_in_lines_that_are_sorted(tmp_path: Path) -> None:
    path = kill_matrix.write(MATRIX, tmp_path)
    assert path.read_text(encoding="utf-8").splitlines() == [
        "{",
        ' "area": "api",',
        ' "undetected": ["configure-late"],',
        ' "tests": {',
        '  "Api.One": {"seconds": 0.3, "defects": ["empty-status", "shared-port"], "mutants": 12},',
        '  "Api.Two": {"seconds": 2.0, "defects": [], "mutants": 0}',
        " }",
        "}",
    ]
    (again,) = kill_matrix.read(folder=tmp_path)
    assert again.tests["Api.One"] == Kills(0.3, ("empty-status", "shared-port"), 12)
    assert again.defects == {"empty-status", "shared-port", "configure-late"}


@pytest.mark.parametrize(
    ("before", "now", "kept"), [(0.3, 0.5, 0.3), (0.3, 0.7, 0.7), (9.0, 11.5, 9.0), (9.0, 5.0, 5.0)]
)
def test_seconds_that_hardly_changed_stay_as_they_are(tmp_path: Path, before: float, now: float, kept: float) -> None:
    for seconds in (before, now):
        kill_matrix.write(KillMatrix("api", {"Api.One": Kills(seconds)}), tmp_path)
    assert kill_matrix.read(["api"], tmp_path)[0].tests["Api.One"].seconds == kept


def test_a_damaged_matrix_is_refused_with_the_command_that_repairs_it(tmp_path: Path) -> None:
    tmp_path.joinpath("api.json").write_text('{"area": "api"}', encoding="utf-8")
    with pytest.raises(RunError, match=r"api\.json is no kill matrix \(KeyError\).*strength --area api"):
        kill_matrix.read(folder=tmp_path)


def test_an_area_that_was_never_measured_has_no_matrix(tmp_path: Path) -> None:
    assert kill_matrix.read(["api"], tmp_path) == []
