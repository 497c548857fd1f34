"""Where things stand."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "results"
SUITES = ROOT / "suites"
RESOURCES = ROOT / "resources"
LIBRARIES = ROOT / "libraries"
SANDBOX = SUITES / "sandbox"
PYTHON = sys.executable
