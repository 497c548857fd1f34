"""The keyword classes that the libraries consist of: names, types, documentation, logging; a folder a subject."""
