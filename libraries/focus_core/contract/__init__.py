"""The contract of record, and whether what the site answers is as it stands there."""
