"""Where things stand."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Of another product, whose project uses these parts as an installed package; focus_core.base.project is the same.
ROOT = Path(os.environ.get("FOCUS_PROJECT") or Path(__file__).resolve().parent.parent).absolute()
# Elsewhere where the checkout cannot be written, or several share one folder: the pods of a run.
RESULTS = Path(os.environ.get("FOCUS_RESULTS") or ROOT / "results").absolute()
SUITES = ROOT / "suites"
RESOURCES = ROOT / "resources"
LIBRARIES = ROOT / "libraries"
SANDBOX = SUITES / "sandbox"
PYTHON = sys.executable
