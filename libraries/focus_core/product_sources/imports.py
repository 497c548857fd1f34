"""Whether a module of the product can be imported, tried in a folder and an interpreter of its own."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.product_sources.repository import HEAD, Repository

TIMEOUT_S = 60.0
# Isolated: neither this project nor the user's packages stand in for what the product lacks.
_TRY = "import importlib, sys; sys.path[:0] = sys.argv[2:]; importlib.import_module(sys.argv[1])"


def problem(repository: Repository, module: str, ref: str = HEAD) -> str:
    """Why a service's or package's own module cannot be imported; empty where it can.

    Its folder is unpacked from the commit; the folder, its parent and its ``src`` are where Python looks.
    """
    if not all(part.isidentifier() for part in module.split(".")):
        raise BenchError(f"'{module}' is no name of a Python module: give one like pzpy or pzpy.time.")
    service = module.partition(".")[0]
    content = repository.archive(repository.service_folder(service, ref), ref)
    with tempfile.TemporaryDirectory(prefix="product-") as scratch:
        folder = Path(scratch) / service
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(folder, filter="data")
        places = [str(folder / "src"), str(folder), scratch]
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", _TRY, module, *places],
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=TIMEOUT_S,
                cwd=scratch,
            )
        except subprocess.TimeoutExpired:
            return f"it was not imported within {TIMEOUT_S:g} s"
    lines = done.stderr.strip().splitlines()
    return (lines[-1] if lines else f"Python ended with {done.returncode}") if done.returncode else ""
