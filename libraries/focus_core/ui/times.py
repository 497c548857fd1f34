"""Times as a field of the page takes them."""

from datetime import UTC, datetime


def local_field(moment: datetime) -> str:
    """What a field of the kind datetime-local takes, in the time zone of the tests' browser, which is UTC."""
    at = moment.astimezone(UTC)
    # A browser leaves out seconds that are zero, and a field that reads otherwise than it was filled is an error.
    return at.strftime("%Y-%m-%dT%H:%M:%S" if at.second else "%Y-%m-%dT%H:%M")
