"""One run of Schemathesis over the document of a service, and what it found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.site_commands import Site, bearer

CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance"),
)


@dataclass(frozen=True)
class Found:
    """Operations with failures by kind (``{"ServerError": {"POST /configure"}}``); how often each was accepted."""

    failures: dict[str, set[str]]
    accepted: dict[str, int]
    complete: bool
    output: str


def run(site: Site, url: str, folder: Path, *, without: tuple[str, ...] = ()) -> Found:
    """Ask each operation of ``url`` with examples, edge values and random ones, always the same, as a super admin."""
    folder.mkdir(exist_ok=True)
    settings, report = folder / "schemathesis.toml", folder / "report.json"
    # The token stands in the environment, not in the command line.
    settings.write_text('headers = { Authorization = "${LOGIN}" }\n', encoding="utf-8")
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run", f"{url}/openapi.json"),
        *(
            "--tls-verify",
            site["tls"]["ca_file"],
            "--phases",
            "examples,coverage,fuzzing",
            "--checks",
            ",".join(CHECKS),
        ),
        *(
            "--max-examples",
            "15",
            "--seed",
            "1",
            "--generation-database",
            "none",
            "--rate-limit",
            "auto",
            "--no-shrink",
        ),
        *("--continue-on-failure", "--report", "json", "--report-json-path", str(report), "--no-color"),
        *("--warnings", "off", *(part for path in without for part in ("--exclude-path", path))),
    ]
    environment = {**os.environ, "LOGIN": bearer(site, "superadmin")["Authorization"]}
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert report.exists(), done.stdout + done.stderr
    content = json.loads(report.read_text(encoding="utf-8"))
    failures = {one["type"]: {_short(name) for name in one["operations"]} for one in content["failures"]}
    accepted = {_short(name): _accepted(rates) for name, rates in content["valid_rates"].items()}
    complete = content["complete"] and not content["errors"] and content["operations"]["selected"] > 0
    return Found(failures, accepted, complete, done.stdout)


def _short(operation: str) -> str:
    return operation.replace("/focus-server", "").replace("/prisma/api", "")


def _accepted(rates: dict[str, Any]) -> int:
    return sum(phase["accepted"] for phase in rates.values())
