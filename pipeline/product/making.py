"""A second product from templates: every file below `templates` whose name ends with `.template`."""

from __future__ import annotations

import keyword
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RunError

TEMPLATES = Path(__file__).with_name("templates")
ENDING = ".template"
# A name that would hide a package that the project itself needs.
TAKEN = {"pipeline", "simulator", "focus_core", "focus_keywords", "robot", "site", "test", "yaml"}


@dataclass(frozen=True)
class Names:
    """The ways in which a product's name is written."""

    words: tuple[str, ...]

    @property
    def snake(self) -> str:
        return "_".join(self.words)

    @property
    def replaced(self) -> dict[str, str]:
        """What stands for the names in the templates."""
        return {
            "product_name": self.snake,
            "product-name": "-".join(self.words),
            "ProductName": "".join(word.capitalize() for word in self.words),
            "Product Name": " ".join(word.capitalize() for word in self.words),
            "PRODUCTKEY": "".join(word[0] for word in self.words).upper() if len(self.words) > 1
            else self.words[0][:4].upper(),
        }  # fmt: skip


def names(text: str) -> Names:
    """The words of a name. Raises RunError for one that cannot name a Python package."""
    words = tuple(re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).lower()))
    found = Names(words)
    if not words or not found.snake.isidentifier() or re.search(r"[^\x20-\x7e]", text):
        raise RunError(f"A product is named in Latin letters, such as 'weather station', not '{text}'.")
    if keyword.iskeyword(found.snake):
        raise RunError(f"'{found.snake}' is a word of Python, so no package has that name: choose another name.")
    if found.snake in TAKEN or found.snake in sys.stdlib_module_names:
        raise RunError(f"'{found.snake}' would hide a package that its tests need: choose another name.")
    return found


def make(text: str, into: Path) -> Path:
    """The project of the product, in a folder of its name. It is whole or not there."""
    chosen = names(text)
    target = into / chosen.snake
    if target.exists():
        raise RunError(f"There is already a {target}: choose another name or --into, or remove it.")
    into.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".product-", dir=into))
    try:
        for template in sorted(TEMPLATES.rglob(f"*{ENDING}")):
            path = scratch / filled(template.relative_to(TEMPLATES).as_posix().removesuffix(ENDING), chosen)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(filled(template.read_text(encoding="utf-8"), chosen), encoding="utf-8", newline="\n")
        scratch.chmod(0o755)
        scratch.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def filled(text: str, chosen: Names) -> str:
    """The text with the product's names in it."""
    for placeholder, name in chosen.replaced.items():
        text = text.replace(placeholder, name)
    return text
