"""What happens around every test of a suite that uses the SiteLibrary. This module knows Robot Framework."""

import os
from html import escape
from pathlib import Path
from typing import Any

from robot.api import logger

from focus_core.base import cleanup, tape
from focus_core.base.errors import BenchError
from focus_core.contract import seen
from focus_core.logs import journal
from focus_core.run import closed_terminal, contract_breaks, evidence, known_bugs, report, test_logs
from focus_core.run.evidence import PodLog
from focus_core.site import data as site_data
from focus_core.site import secrets, state
from focus_core.site.model import Site


class FocusListener:
    """Blanks secrets, plays the clean-up, fails what broke the contract, knows the known bugs and attaches evidence."""

    ROBOT_LISTENER_API_VERSION = 3
    # Whether failed tests get the log lines of pods and a bundle.
    attaches_evidence = True

    def __init__(self) -> None:
        self.site: Site | None = None
        self.tests: list[Any] = []
        # The sites of the suites around the running one.
        self._outer: list[str | None] = []

    def start_suite(self, data: Any, result: Any) -> None:  # noqa: ARG002
        closed_terminal.ends_the_run()
        self.tests = list(data.all_tests)
        if self.attaches_evidence:
            tape.record().push()
        if not self._outer:
            # What the process saw before is nothing of this run's.
            seen.of_process().take()
        self._outer.append(site_data.opened())
        evidence.forget_jobs()
        cleanup.push()

    def end_suite(self, data: Any, result: Any) -> None:  # noqa: ARG002
        for problem in [*cleanup.pop(), *secrets.take_leaks(), *contract_breaks.take(self.site)]:
            logger.warn(problem)
        if self.attaches_evidence:
            tape.record().pop()
        self.tests = []
        site_data.reopen(self._outer.pop() if self._outer else None)
        contract_breaks.keep(report.output_folder())

    def start_test(self, data: Any, result: Any) -> None:
        evidence.forget_jobs()
        if self.attaches_evidence:
            tape.record().push()
        evidence.note_test_start(result.start_time)
        if self.site:
            test_logs.start(result, self.site)
        cleanup.push()
        reason = self._reason_to_skip(result)
        if reason:
            data.setup.config(name="BuiltIn.Skip", args=(reason,))

    def end_test(self, data: Any, result: Any) -> None:  # noqa: ARG002
        logs: list[PodLog] = []
        try:
            # Read before the clean-up: the pods of a job that is removed have no log any more.
            if result.failed and self.attaches_evidence and self.site and result.start_time:
                with tape.paused():
                    logs = test_logs.seen_by_the_monitor() or evidence.collect(self.site, result.start_time)
        finally:
            # Nothing comes before it that writes, and whatever happens it is done.
            errors = cleanup.pop()
        reported = result.message if result.failed else ""
        seen.of_process().end_test(result.full_name)
        found = [*secrets.take_leaks(), *contract_breaks.take(self.site, result.name, result.tags, reported)]
        if found or (errors and result.passed):
            result.status = "FAIL"
        errors += found
        result.message = _shown("\n".join([result.message, *errors]).strip())
        if result.passed:
            self._apply_strictness(result)
        if self.site:
            self._apply_known_bugs(result, errors)
        links = test_logs.end(result)
        if links:
            logger.info(links, html=True)
        self._keep(logs, result)
        self._keep_bundle(logs, result)
        self._mark_critical_failure(result)
        self._mark_site_as_used(result)

    def end_keyword(self, data: Any, result: Any) -> None:  # noqa: ARG002
        if result.failed:
            result.message = _shown(result.message)

    def log_message(self, message: Any) -> None:
        message.message = _shown(message.message)

    def _reason_to_skip(self, result: Any) -> str:
        marker = os.environ.get("FOCUS_STOP_MARKER")
        if marker and Path(marker).exists():
            return f"A critical test failed: {Path(marker).read_text(encoding='utf-8').strip()}."
        if self.site is None:
            return ""
        needed = [tag.partition(":")[2] for tag in result.tags if tag.startswith("requires:")]
        missing = [capability for capability in needed if capability not in self.site.capabilities]
        return f"Site {self.site.name} has no {' and no '.join(missing)} by design." if missing else ""

    def _keep(self, logs: list[PodLog], result: Any) -> None:
        """Shows the pods' logs in the log, and writes them to a file beside it."""
        if not logs:
            return
        folds = "".join(
            f"<details><summary>Log of {escape(log.pod)}</summary><pre>{escape(log.text)}</pre></details>"
            for log in logs
        )
        if journal.folder():
            # The monitor writes a file for each test.
            logger.info(folds, html=True)
            return
        try:
            path = evidence.write(logs, report.output_folder() / "pod_logs", result.full_name, result.start_time)
        except OSError as error:
            logger.info(folds, html=True)
            _add(result, report.lost("file with the logs of the pods", error))
        else:
            logger.info(f"{folds}The same is in pod_logs/{escape(path.name)}.", html=True)

    def _keep_bundle(self, logs: list[PodLog], result: Any) -> None:
        """What the failed test asked the site and what it answered, in a file beside the log."""
        if not self.attaches_evidence:
            return
        try:
            if result.failed and self.site:
                # Imported here: most tests pass.
                from focus_core.run import bundle

                path = bundle.write(result, self.site, logs, report.output_folder() / bundle.FOLDER)
                if path:
                    link = f"{bundle.FOLDER}/{escape(path.name)}"
                    logger.info(f'<a href="{link}">bundle</a> for "run.py bug" and "run.py replay"', html=True)
        except OSError as error:
            _add(result, report.lost("bundle of the failed test", error))
        except Exception as error:  # noqa: BLE001 - the bundle is an extra; the test's own failure must stay the story
            logger.warn(f"The bundle of '{result.name}' was not kept ({type(error).__name__}: {error}); report this.")
        finally:
            tape.record().pop()

    def _mark_critical_failure(self, result: Any) -> None:
        marker = os.environ.get("FOCUS_STOP_MARKER")
        if marker and result.failed and "critical" in result.tags and not _was_stopped(result):
            try:
                Path(marker).write_text(result.full_name, encoding="utf-8")
            except OSError as error:
                _add(result, report.lost("mark that stops the other lanes", error))

    def _mark_site_as_used(self, result: Any) -> None:
        if self.site:
            try:
                state.touch_used(self.site)
            except OSError as error:
                _add(result, report.lost("mark that keeps the simulated site up", error))
            except BenchError as error:
                _add(result, str(error))

    def _apply_strictness(self, result: Any) -> None:
        """In a strict run, error lines of pods fail the test that they belong to."""
        with tape.paused():
            failure = test_logs.strict_failure()
        if failure:
            result.status, result.message = "FAIL", _shown(failure)

    def _apply_known_bugs(self, result: Any, clean_up_errors: list[str]) -> None:
        assert self.site is not None  # noqa: S101 - for the type checker
        bugs = known_bugs.of_site(self.site.name, self.site.known_bugs)
        if result.passed:
            for bug in bugs:
                if bug.fails_test(result.name, result.tags) and not bug.sometimes:
                    logger.warn(f"{bug} It looks fixed on {self.site.name}: '{result.name}' passed.")
        elif result.failed and not clean_up_errors and not _failed_around(result):
            possible = [bug for bug in bugs if bug.everywhere or bug.fails_test(result.name, result.tags)]
            seen = known_bugs.explanation(known_bugs.failures_of(result.body), possible)
            if seen:
                result.status = "SKIP"
                result.message = "\n".join([*map(str, seen), result.message])
                result.tags.add("known-bug")


def _shown(text: str) -> str:
    return report.writable(secrets.blank(text))


def _add(result: Any, line: str) -> None:
    result.message = f"{result.message}\n{line}".strip()


def _was_stopped(result: Any) -> bool:
    """Whether the run ended before the test did: a pod that is moved to another node must not end the other shards."""
    return "robot:exit" in result.tags or "Execution terminated by signal" in result.message


def _failed_around(result: Any) -> bool:
    """Whether setup or teardown failed: no known bug explains that."""
    return bool((result.has_setup and result.setup.failed) or (result.has_teardown and result.teardown.failed))
