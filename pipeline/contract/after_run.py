"""What a run saw of the contract: one line for the summary, and a page."""

from __future__ import annotations

from pathlib import Path

from pipeline.contract import coverage, page
from pipeline.errors import RunError
from pipeline.results import contract_seen


def note_contract(folder: Path) -> list[str]:
    """Sentences for the summary, nothing for a run that saw nothing. Writes contract.json and contract.html."""
    try:
        seen = contract_seen.merged(folder)
        if seen is None:
            return []
        found = coverage.of(seen)
        page.write(seen, found, folder)
    except (RunError, OSError) as error:
        return [f"What the run saw of the contract is not counted: {error}"]
    broken = len(seen.open)
    bugs = "".join(f", {bug} {count} times" for bug, count in seen.known.items())
    return [
        f"Contract: {coverage.sentence(found)} seen (contract.html); "
        f"{broken or 'no'} violation{'' if broken == 1 else 's'}{bugs and f', known bugs: {bugs[2:]}'}."
    ]
