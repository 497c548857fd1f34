"""MongoDB: its client, recordings, schema and query plans."""
