"""One typed run out of any number of output.xml: pieces of one run, and attempts of the same tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.results import catalogue, messages, output_xml, stamp
from pipeline.results.model import Attempt, Run, TestResult, Verdict
from pipeline.results.output_xml import Content, FoundTest, ResultsError
from pipeline.results.stamp import Stamp

# How pabot words it where Ctrl-C came before or while a test ran; the tag is Robot's own for what did not run any more.
INTERRUPTED = "User interrupted Pabot execution (Ctrl+C)"
EXIT = "robot:exit"
# As the listener of the libraries skips what comes after a failed critical test.
STOPPED = "A critical test failed: "
# Robot's own words for the test that ran when Ctrl-C came; its teardown may have added others.
TERMINATED = "Execution terminated by signal"
KNOWN_BUG = "known-bug"
_STATUSES = {"PASS": Verdict.PASSED, "FAIL": Verdict.FAILED, "SKIP": Verdict.SKIPPED}


def read_run(outputs: Sequence[Path], marks: Stamp | None = None) -> Run:
    """All results as one run; of a test that is in several files each is an attempt, in the order of the files.

    A file that is missing, cut off or foreign breaks the run and is named. Without `marks` the stamp is the one that
    the results bear.
    """
    contents, broken = [], []
    for path in outputs:
        try:
            contents.append(output_xml.read(path))
        except ResultsError as error:
            broken.append(str(error))
    if not outputs:
        broken.append("There is no output.xml to read: name at least one.")
    stamps = [stamp.of_metadata(content.metadata) for content in contents]
    sites = sorted({one.site for one in stamps if one.site})
    if len(sites) > 1:
        broken.append(f"These results are of several sites ({', '.join(sites)}): read those of one site together.")
    start, seconds = span(contents)
    return Run(
        stamp=marks or next(iter(stamps), stamp.of_metadata({})),
        start=start,
        seconds=round(seconds, 1),
        tests=tuple(merged(contents)),
        errors=tuple(dict.fromkeys(messages.first_line(error) for content in contents for error in content.errors)),
        broken=" ".join(broken),
    )


def read_one(output: Path, marks: Stamp | None = None) -> Run:
    """The results of one file. Raises ResultsError where `read_run` makes the run broken."""
    run = read_run([output], marks)
    if run.broken:
        raise ResultsError(run.broken)
    return run


def merged(contents: Iterable[Content]) -> list[TestResult]:
    """Each test once, with its attempts. Two tests of one name in one file stay two."""
    tests: dict[tuple[str, int], TestResult] = {}
    for content in contents:
        seen: Counter[str] = Counter()
        for found in content.tests:
            test = result(found)
            seen[test.id] += 1
            place = (test.id, seen[test.id])
            if place in tests:  # where the first attempt found it: the file may have been repaired in between
                first = tests[place]
                test = replace(test, line=first.line, attempts=(*first.attempts, *test.attempts))
            tests[place] = test
    return list(tests.values())


def result(found: FoundTest) -> TestResult:
    """A test of a file with its attempts: several where rebot merged them."""
    names = found.names[-2::-1] or found.names  # without the top suite
    key = catalogue.key(found.tags)
    return TestResult(
        name=found.names[0],
        long_name=".".join(names),
        suite=".".join(names[:-1]),
        source=found.source,
        line=found.line,
        tags=found.tags,
        key=key,
        covers=catalogue.covers().get(key, ()),
        area=catalogue.area(found.tags),
        attempts=tuple(attempts(found)),
    )


def without_result(
    name: str, long_name: str, source: str, line: int | None, tags: tuple[str, ...], why: str
) -> TestResult:
    """A test that was to run and of which no file has a result; `why` is the reason, without a full stop."""
    key = catalogue.key(tags)
    return TestResult(
        name=name,
        long_name=long_name,
        suite=long_name.removesuffix(name).removesuffix("."),
        source=source,
        line=line,
        tags=tags,
        key=key,
        covers=catalogue.covers().get(key, ()),
        area=catalogue.area(tags),
        attempts=(Attempt(Verdict.NOT_RUN, reason=why),),
    )


def attempts(found: FoundTest) -> Iterator[Attempt]:
    """What rebot quotes of other attempts is their status and message, no more."""
    quoted, own = messages.attempts(found.status, found.message)
    for number, (status, message) in enumerate(quoted):
        reason, bugs = messages.first_line(message), messages.bugs(message)
        if number == own:
            worth = verdict(status, message, found.tags)
            yield Attempt(worth, found.start, found.seconds, message, reason, found.keywords, found.evidence, bugs)
        else:
            yield Attempt(verdict(status, message, ()), message=message, reason=reason, bugs=bugs)


def verdict(status: str, message: str, tags: Iterable[str]) -> Verdict:
    """What Robot's status means, with what the run's listeners and pabot wrote beside it."""
    if status == "FAIL" and (INTERRUPTED in message or TERMINATED in message or EXIT in tags):
        return Verdict.NOT_RUN
    if status == "SKIP" and message.startswith(STOPPED):
        return Verdict.NOT_RUN
    if status == "SKIP" and (KNOWN_BUG in tags or messages.bugs(message)):
        return Verdict.KNOWN_BUG
    return _STATUSES.get(status, Verdict.NOT_RUN)


def span(contents: Sequence[Content]) -> tuple[str, float]:
    """Start and seconds of all together; merged results have no start of their own."""
    if len(contents) == 1 and contents[0].start:
        return contents[0].start, contents[0].seconds
    spans = [(content.start, content.seconds) for content in contents]
    spans += [(test.start, test.seconds) for content in contents if not content.start for test in content.tests]
    begins = [datetime.fromisoformat(start) for start, _ in spans if start]
    ends = [datetime.fromisoformat(start) + timedelta(seconds=seconds) for start, seconds in spans if start]
    return (min(begins).isoformat(), (max(ends) - min(begins)).total_seconds()) if begins else ("", 0.0)
