"""What runs saw of the contract of record, and what changes of it break."""
