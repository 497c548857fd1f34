"""Values at and beyond the ends of what a view may have, as variables of Robot Framework: ``${ID OF 256 SIGNS}``."""

__all__ = [
    "BEYOND_32_BITS",
    "BEYOND_64_BITS",
    "BEYOND_64_BITS_AND_TEN",
    "BYTES_THAT_ARE_NO_TEXT",
    "HUGE",
    "HUGE_AND_TEN",
    "HUGE_BELOW_ZERO",
    "HUGE_FRACTION",
    "ID_OF_256_SIGNS",
    "ID_OF_257_SIGNS",
    "ID_OF_300_SIGNS",
]

# Ids at and beyond the longest that a task may have, and far beyond.
ID_OF_256_SIGNS = "a" * 256
ID_OF_257_SIGNS = "a" * 257
ID_OF_300_SIGNS = "a" * 300

# Numbers that fit into no machine word, and those next to the ends of one.
HUGE = 10**30
HUGE_AND_TEN = HUGE + 10
HUGE_BELOW_ZERO = -HUGE
HUGE_FRACTION = 1e300
BEYOND_32_BITS = 2**31
BEYOND_64_BITS = 2**63
BEYOND_64_BITS_AND_TEN = BEYOND_64_BITS + 10

# The beginning of a view in bytes that are no UTF-8.
BYTES_THAT_ARE_NO_TEXT = b'{"view_type": "\xff\xfe"}'
