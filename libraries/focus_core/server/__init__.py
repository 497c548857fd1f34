"""The Focus Server: its client, and what any answer of it must be."""
