"""What a user might write or load, as variables of Robot Framework: ``${NOTE OF 1100 CHARACTERS}``."""

from focus_core.ui.locators import FOLDER

__all__ = ["NOTE_OF_1100_CHARACTERS", "SAVED_VIEW"]

NOTE_OF_1100_CHARACTERS = ("Steps at the north fence then silence. " * 29)[:1100].strip().ljust(1100, ".")
# The file of a view that somebody has saved.
SAVED_VIEW = str(FOLDER / "answers" / "saved-view.json")
