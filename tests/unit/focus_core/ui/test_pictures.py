"""A picture that changed is told from one that was drawn again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from focus_core.base.errors import BenchError
from focus_core.ui import pictures
from PIL import Image, ImageDraw

SIZE = (320, 200)


def page(path: Path, *, badge: int = 40, colour: str = "#ffd84d", icon: bool = True, noise: int = 0) -> Path:
    """A picture with lines of text, a badge and an icon."""
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    for line in range(20, 180, 20):
        draw.text((100, line), "17:00:00 SD 1250 m open", fill="black")
    draw.rectangle((badge, 50, badge + 30, 66), fill=colour)
    if icon:
        draw.ellipse((10, 100, 20, 110), fill="navy")
    if noise:
        pixels = np.asarray(image, dtype=np.int16)
        shift = np.random.default_rng(1).integers(-noise, noise + 1, pixels.shape)
        image = Image.fromarray(np.clip(pixels + shift, 0, 255).astype(np.uint8))
    image.save(path)
    return path


@pytest.mark.parametrize("change", [{"badge": 41}, {"colour": "#ffe08a"}, {"icon": False}])
def test_a_change_that_a_person_sees_is_found(tmp_path: Path, change: dict[str, object]) -> None:
    first = page(tmp_path / "first.png")
    second = page(tmp_path / "second.png", **change)  # type: ignore[arg-type]
    assert pictures.compare(first, second)


def test_where_it_changed_is_named(tmp_path: Path) -> None:
    found = pictures.compare(page(tmp_path / "a.png"), page(tmp_path / "b.png", icon=False))
    assert found
    assert (found.left, found.top) in ((0, 96), (16, 96))
    assert str(found).startswith(f"{found.pixels} of 256 pixels differ in the window at {found.left},96")


def test_rounding_everywhere_is_no_change(tmp_path: Path) -> None:
    assert pictures.compare(page(tmp_path / "a.png"), page(tmp_path / "b.png", noise=6)) is None


def test_another_size_is_a_change(tmp_path: Path) -> None:
    first = page(tmp_path / "a.png")
    second = tmp_path / "b.png"
    Image.open(first).crop((0, 0, 319, 200)).save(second)
    assert str(pictures.compare(first, second)) == "it is 319x200 pixels large instead of 320x200"
    pictures.mark(first, second, tmp_path / "marked.png")


def test_the_marked_picture_shows_the_change_in_red(tmp_path: Path) -> None:
    first, second = page(tmp_path / "a.png"), page(tmp_path / "b.png", icon=False)
    pictures.mark(first, second, tmp_path / "marked.png")
    marked = np.asarray(Image.open(tmp_path / "marked.png"))
    red = (marked == (255, 0, 0)).all(axis=2)
    assert red[105, 15]
    assert not red[55, 55]


def test_a_stamp_changes_no_pixel_and_is_read_back(tmp_path: Path) -> None:
    first = page(tmp_path / "a.png")
    second = page(tmp_path / "b.png")
    pictures.stamp(second, "headless-shell 150.0")
    assert pictures.compare(first, second) is None
    assert pictures.made_by(second) == "headless-shell 150.0"
    assert pictures.made_by(first) == ""


def test_what_is_no_picture_is_refused_in_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_text("no picture")
    with pytest.raises(BenchError, match="is no picture that can be read"):
        pictures.compare(broken, broken)
