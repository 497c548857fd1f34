"""Site files: made by questions or from an old project's files, checked against the living site, explained."""
