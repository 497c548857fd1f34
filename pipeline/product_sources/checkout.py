"""Where the checkout of the product's sources lies: an environment variable, else the site file."""

from __future__ import annotations

import os
from pathlib import Path

from focus_core.product_sources.repository import Repository
from focus_core.site import loader
from focus_core.site.model import Site

from pipeline.errors import RunError
from pipeline.run import site

VARIABLE = "FOCUS_PRODUCT_SOURCES"


def repository() -> Repository:
    """The checkout that FOCUS_PRODUCT_SOURCES names, else that of the site chosen by FOCUS_SITE. Raises RunError where
    neither names one, BenchError where nothing lies there."""
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return Repository.at(Path(named).expanduser())
    found = loader.read(site.chosen_name(None))
    if not isinstance(found, Site) or "product_sources" not in found.capabilities:
        raise RunError(
            f"No checkout of the product's sources is known: set {VARIABLE} to its folder, or give the site file "
            "product_sources: {path: FOLDER}."
        )
    return Repository.of_section(found.product_sources)
