"""The project whose tests run: the folder with ``variables``, ``suites`` and ``results``.

It is this checkout, unless ``FOCUS_PROJECT`` names another folder: that of a product whose project uses these parts as
an installed package.
"""

import os
from pathlib import Path

VARIABLE = "FOCUS_PROJECT"
ROOT = Path(os.environ.get(VARIABLE) or Path(__file__).resolve().parents[3]).absolute()
VARIABLES = ROOT / "variables"
