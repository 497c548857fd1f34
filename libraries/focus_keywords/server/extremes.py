"""Parts of paths, by their length in bytes, as variables of Robot Framework: ``${PART OF 300}``."""

__all__ = ["MANY_FOLDERS", "MANY_ZERO_BYTES", "NUMBER_OF_5000_DIGITS", "PART_OF_300", "PART_OF_7000", "PART_OF_60000"]

PART_OF_300 = "x" * 300
PART_OF_7000 = "x" * 7000
PART_OF_60000 = "x" * 60000
NUMBER_OF_5000_DIGITS = "9" * 5000
MANY_ZERO_BYTES = "%00" * 200
MANY_FOLDERS = "a/" * 1000
