"""Controllers: each compares what objects ask for with what there is, and takes the next step."""
