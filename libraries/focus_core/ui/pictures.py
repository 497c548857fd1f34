"""Does a picture of the page differ from the one that a person approved?

Metric: in how many pixels of a 16x16 window does a channel differ by more than 8 of 255. Eight pixels in any window, or
another size, is a difference: a badge one pixel to the side, another shade and a missing icon are; rounding in the last
digits all over the picture is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from focus_core.base.errors import BenchError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Pixels = NDArray[np.int16]

WINDOW = 16
TOLERANCE = 8
DIFFERENT_PIXELS = 8
# Where the browser that made a picture is written into it.
BROWSER = "Browser"
_RED = (255, 0, 0)


@dataclass(frozen=True)
class Difference:
    """The window that differs most: its corner and middle in pixels of the picture, and how many pixels differ there.

    - ``left``, ``top``: its upper left corner
    - ``pixels``: pixels that differ in it, of 256
    - ``windows``: how many windows differ
    - ``sizes``: width and height of the expected and the actual picture where they are not the same, else None
    """

    left: int
    top: int
    pixels: int
    windows: int
    sizes: tuple[tuple[int, int], tuple[int, int]] | None = None

    @property
    def middle(self) -> tuple[int, int]:
        return self.left + WINDOW // 2, self.top + WINDOW // 2

    def __str__(self) -> str:
        if self.sizes:
            (wide, high), (now_wide, now_high) = self.sizes
            return f"it is {now_wide}x{now_high} pixels large instead of {wide}x{high}"
        more = f" and in {self.windows - 1} more windows" if self.windows > 1 else ""
        return f"{self.pixels} of 256 pixels differ in the window at {self.left},{self.top}{more}"


def compare(expected: Path, actual: Path) -> Difference | None:
    """The difference between two PNG files, None where there is none. Raises ``BenchError`` for one that is no PNG."""
    first, second = _pixels(expected), _pixels(actual)
    if first.shape != second.shape:
        sizes = ((first.shape[1], first.shape[0]), (second.shape[1], second.shape[0]))
        return Difference(0, 0, 0, 0, sizes)
    counts = _counts(_differs(first, second))
    if counts.max(initial=0) < DIFFERENT_PIXELS:
        return None
    row, column = divmod(int(counts.argmax()), counts.shape[1])
    windows = int((counts >= DIFFERENT_PIXELS).sum())
    return Difference(column * WINDOW, row * WINDOW, int(counts.max()), windows)


def mark(expected: Path, actual: Path, marked: Path) -> None:
    """Writes the actual picture, paled, with every pixel that differs in red."""
    import numpy as np
    from PIL import Image

    first, second = _pixels(expected), _pixels(actual)
    height, width = (min(first.shape[axis], second.shape[axis]) for axis in (0, 1))
    differs = _differs(first[:height, :width], second[:height, :width])
    shown = (second[:height, :width] // 3 + 170).astype(np.uint8)
    shown[differs] = _RED
    Image.fromarray(shown).save(marked)


def stamp(picture: Path, browser: str) -> None:
    """Writes into a picture which browser, kind and version, has made it."""
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text(BROWSER, browser)
    with _opened(picture) as image:
        image.convert("RGB").save(picture, optimize=True, pnginfo=text)


def made_by(picture: Path) -> str:
    """The browser that a kept picture is from; an empty text where it is not written into it."""
    with _opened(picture) as image:
        return str(image.info.get(BROWSER, ""))


def _differs(first: Pixels, second: Pixels) -> NDArray[np.bool_]:
    """For each pixel whether a channel differs by more than the tolerance."""
    import numpy as np

    found: NDArray[np.bool_] = (np.abs(first - second) > TOLERANCE).any(axis=2)
    return found


def _counts(differs: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many pixels differ in each window."""
    import numpy as np

    height, width = differs.shape
    padded = np.pad(differs, ((0, -height % WINDOW), (0, -width % WINDOW)))
    rows, columns = (side // WINDOW for side in padded.shape)
    found: NDArray[np.int64] = padded.reshape(rows, WINDOW, columns, WINDOW).sum(axis=(1, 3))
    return found


def _pixels(path: Path) -> Pixels:
    """Height x width x 3 channels, 0 to 255, as numbers that can be subtracted."""
    import numpy as np

    with _opened(path) as image:
        return np.asarray(image.convert("RGB"), dtype=np.int16)


def _opened(path: Path) -> Image:
    from PIL import Image, UnidentifiedImageError

    try:
        return Image.open(path)
    except (OSError, UnidentifiedImageError):
        raise BenchError(f"{path} is no picture that can be read; make it anew and approve it.") from None
