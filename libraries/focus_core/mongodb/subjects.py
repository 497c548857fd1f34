"""What the documents of the site's database are about, and the patterns that some of their texts have."""

from typing import Literal

Subject = Literal["recordings", "metadata", "base paths", "unrecognized folders"]

UUID_PATTERN = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
PATH_PATTERN = "^/"
