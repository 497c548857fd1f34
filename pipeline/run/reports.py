"""How Robot Framework makes the pages of every run."""

# Each test has a key of its own, which would fill the statistics with rows of 1.
STATISTICS = ("--tagstatexclude", "pz-*")
# Robot counts a known bug among the skipped tests: what is hidden stands in the report's own lines.
KNOWN_BUGS = ("--prerebotmodifier", "pipeline.results.report.KnownBugs")
OPTIONS = (*STATISTICS, *KNOWN_BUGS)
