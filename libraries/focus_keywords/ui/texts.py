"""Texts that a user might write, as variables of Robot Framework: ``${NOTE OF 1100 CHARACTERS}``."""

__all__ = ["NOTE_OF_1100_CHARACTERS"]

NOTE_OF_1100_CHARACTERS = ("Steps at the north fence then silence. " * 28)[:1100].strip().ljust(1100, ".")
