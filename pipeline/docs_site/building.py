"""Builds the site with MkDocs, by mkdocs.yml. A warning is a complaint: the site is whole or not there."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from pipeline.docs_site import keyword_pages
from pipeline.paths import ROOT

# Material advertises its successor on standard error.
os.environ["NO_MKDOCS_2_WARNING"] = "1"

from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

CONFIG = ROOT / "mkdocs.yml"
# Of the site: where the pages of libraries and resources lie.
KEYWORDS = "keywords"


class Warnings(logging.Handler):
    """Collects what MkDocs warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def build(folder: Path) -> list[str]:
    """Build the site into ``folder``, in place of the one there; returns what is wrong with it."""
    warnings = Warnings()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(warnings)
    try:
        config = load_config(str(CONFIG), site_dir=str(folder))
        mkdocs_build.build(config)
    except MkDocsException as error:
        warnings.texts.append(str(error))
    finally:
        logger.removeHandler(warnings)
    # MkDocs empties the folder first.
    return [*warnings.texts, *keyword_pages.write(folder / KEYWORDS)]
