"""Pages that are made of data, and what links out of the site become."""

from __future__ import annotations

import pytest
from focus_core.contract import record

from pipeline.docs_site import contract_page, hooks


def test_every_operation_of_the_record_is_on_its_page() -> None:
    text = contract_page.page()
    for service in record.SERVICES:
        for path, methods in record.document(service)["paths"].items():
            for method in methods.keys() & {"get", "post", "put", "patch", "delete"}:
                assert f"| `{method.upper()} {path}` |" in text


def test_every_schema_and_collection_of_the_record_is_on_its_page() -> None:
    text = contract_page.page()
    for service in record.SERVICES:
        for name in record.document(service)["components"]["schemas"]:
            assert f"#### {name}\n" in text
    for name in record.collections():
        assert f"### {name.capitalize()}\n" in text


@pytest.mark.parametrize(
    ("page", "link", "expected"),
    [
        ("strength.md", "[areas.yaml](../strength/areas.yaml)", "`strength/areas.yaml`"),
        ("strength.md", "[the areas](../strength/areas.yaml)", "the areas (`strength/areas.yaml`)"),
        ("decisions/0012-house.md", "[glossary](../glossary.md#words)", "[glossary](../glossary.md#words)"),
        ("decisions/0012-house.md", "[README](../../README.md)", "`README.md`"),
    ],
)
def test_links_out_of_the_site_are_named(page: str, link: str, expected: str) -> None:
    assert hooks.without_links_outside(f"See {link}.", page) == f"See {expected}."
