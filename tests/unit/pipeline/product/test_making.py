"""A project for another product, and the wheel that it installs."""

from __future__ import annotations

import ast
import re
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from pipeline import command_line
from pipeline.commands import product
from pipeline.errors import RunError
from pipeline.paths import ROOT
from pipeline.product import making, shared, wheel
from pipeline.results import catalogue

SAMPLE = ROOT / "examples" / "weather_station"


def run(*words: str) -> int:
    return product.main(command_line.parse(["product", *words]))


def test_every_file_bears_the_products_name_and_is_whole(tmp_path: Path) -> None:
    assert run("new", "snow", "plough", "--into", str(tmp_path / "מוצר")) == 0
    folder = tmp_path / "מוצר" / "snow_plough"
    files = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.*")
             if path.is_file()}  # fmt: skip
    assert len(files) == len(list(making.TEMPLATES.rglob("*.template")))
    assert {
        "run.py",
        "libraries/SnowPloughLibrary.py",
        "site/snow_plough_site/server.py",
        "suites/api/health.robot",
    } <= {*files}
    assert [name for name, text in files.items() if re.search(r"product[_-]?name|productkey", name + text, re.I)] == []
    for name, text in files.items():
        if name.endswith(".py"):
            ast.parse(text)
        elif name.endswith(".yaml"):
            assert isinstance(yaml.safe_load(text), dict), name
    assert yaml.safe_load(files["variables/xray.yaml"])["project"] == "SP"


def test_the_sample_was_made_by_it() -> None:
    made = {
        making.filled(
            path.relative_to(making.TEMPLATES).as_posix().removesuffix(".template"), making.names("weather station")
        )
        for path in making.TEMPLATES.rglob("*.template")
    }
    assert [name for name in sorted(made) if not (SAMPLE / name).is_file()] == []
    own = (SAMPLE / "libraries" / "weather_station" / "client.py").read_text(encoding="utf-8")
    template = (making.TEMPLATES / "libraries" / "product_name" / "client.py.template").read_text(encoding="utf-8")
    assert own == making.filled(template, making.names("weather station"))


@pytest.mark.parametrize(
    "text", ["", "   ", "2 stations", "תחנה", "site", "pipeline", "Focus Core", "a/b\u00e9", "class", "json", "yaml"]
)
def test_a_name_that_cannot_be_a_package_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RunError, match=r"named in Latin letters|would hide a package|word of Python"):
        making.make(text, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["weather station", "Weather-Station", "WeatherStation", "weather_station"])
def test_one_product_has_one_name(text: str) -> None:
    assert making.names(text).snake == "weather_station"
    assert making.names(text).replaced["ProductName"] == "WeatherStation"


def test_a_folder_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "snow").mkdir()
    (tmp_path / "snow" / "mine.txt").write_text("precious")
    with pytest.raises(RunError, match="already"):
        making.make("snow", tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["snow", "mine.txt"]


def test_the_wheel_holds_the_shared_parts_and_nothing_of_focus(tmp_path: Path) -> None:
    built = wheel.build(tmp_path, "1.2.3")
    with zipfile.ZipFile(built) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        metadata = archive.read("acceptance_shared-1.2.3.dist-info/METADATA").decode()
    assert names == {name for name, _ in shared.files()}
    assert "focus_core/views/view.py" not in names
    assert "pipeline/product/templates/run.py.template" in names
    assert re.search(r"^Requires-Dist: robotframework==[\d.]+$", metadata, re.MULTILINE)


def test_the_version_of_reports_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert catalogue.product().version == project["version"]
