"""What users change on the site, in a file: the next pod of the web app goes on with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Rows = dict[str, dict[str, Any]]


class Kept:
    """Rows by name or id, in tables; ``save`` writes them, without a path nothing is kept.

    users: by name, also of those that were deleted (``{"deleted": true}``). regions, geo_channels and reference_lines:
    by id. permissions: by role, ``{"added": [...]}``. records: by alert id, ``{"notes": [...], "review": "..."}``.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        stored = json.loads(path.read_text(encoding="utf-8")) if path is not None and path.exists() else {}
        self.users: Rows = stored.get("users", {})
        self.regions: Rows = stored.get("regions", {})
        self.geo_channels: Rows = stored.get("geo_channels", {})
        self.permissions: Rows = stored.get("permissions", {})
        self.reference_lines: Rows = stored.get("reference_lines", {})
        self.records: Rows = stored.get("records", {})

    def save(self) -> None:
        """Write everything; whoever reads meanwhile sees the old or the new, never half of it."""
        if self._path is None:
            return
        tables = {name: rows for name, rows in vars(self).items() if name != "_path"}
        fresh = self._path.with_suffix(".new")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(tables), encoding="utf-8")
        fresh.replace(self._path)
