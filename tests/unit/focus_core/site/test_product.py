"""The site file of another product: its own sections beside those of all products."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from focus_core.base.errors import BenchError, SiteFileError
from focus_core.site import product

SCHEMA = """
from focus_core.site import product
from focus_core.site.model import Part, Url

class Service(Part):
    url: Url

class Site(product.ProductSite):
    service: Service
"""
NAME = "settings_of_a_test"


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / f"{NAME}.py").write_text(SCHEMA, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop(NAME, None)


def file_of(folder: Path, **content: object) -> Path:
    path = folder / "site.yaml"
    path.write_text(yaml.safe_dump({"name": "here", "service": {"url": "http://127.0.0.1:9"}, **content}))
    return path


def test_what_all_products_have_is_beside_its_own(tmp_path: Path) -> None:
    site = product.load(file_of(tmp_path, state_dir="state", capabilities=["service"]), f"{NAME}:Site")
    assert site.service.url == "http://127.0.0.1:9"
    assert site.state_dir == tmp_path / "state"
    assert (site.policy.disruption, site.job_prefix, site.users) == (False, "", [])


def test_a_section_that_is_left_out_is_named_where_it_is_needed(tmp_path: Path) -> None:
    site = product.load(file_of(tmp_path), f"{NAME}:Site")
    with pytest.raises(BenchError, match="This site has no kubernetes"):
        _ = site.kubernetes.context


@pytest.mark.parametrize(
    ("changes", "schema", "sentence"),
    [
        ({"service": {}}, "Site", r"site\.yaml: key 'service\.url' is missing"),
        ({"focus": {"url": "http://127.0.0.1:9"}}, "Site", "key 'focus' is unknown, allowed here: name, .*service"),
        ({}, "Nothing", rf"There is no class {NAME}:Nothing"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, changes: dict[str, object], schema: str, sentence: str) -> None:
    with pytest.raises(SiteFileError, match=sentence):
        product.load(file_of(tmp_path, **changes), f"{NAME}:{schema}")


@pytest.mark.parametrize("schema", ["", "Site", "no.such.module:Site", f"{NAME}:"])
def test_a_schema_is_module_and_class(tmp_path: Path, schema: str) -> None:
    with pytest.raises(SiteFileError, match="MODULE:CLASS"):
        product.load(file_of(tmp_path), schema)
