"""What happens around a test, seen in a small run of Robot Framework against a server of a few lines."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from focus_core.base import cleanup
from focus_core.run import evidence, known_bugs
from focus_core.run.known_bugs import KnownBug
from focus_core.site import loader as site_loader
from focus_core.site import secrets, state
from robot.api import ExecutionResult
from robot.result.model import TestCase as Result
from robot.run import run
from support.loopback import Answer, http_server

SUITE = """
*** Settings ***
Resource          site.resource
Suite Setup       Open Site    rest
Suite Teardown    Close Site

*** Test Cases ***
Fails With A Secret
    [Tags]    critical
    Log    the token is {secret}
    Fail    it was refused: {secret}

Comes After A Critical Failure
    No Operation
"""
SECRET = "very-secret-token"
STAGING = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))


BUGS = (
    KnownBug("PZ-13667", "it is empty", shows="status is ''", everywhere=True, fails=frozenset({"PZ-13873"})),
    KnownBug("PZ-13271", "it is a text", shows="(stream_port|view_type) is '", everywhere=True),
)


def results(
    folder: Path, text: str = SUITE, answers: dict[str, Answer] | None = None, prefix: str = "", **site_data: Any
) -> dict[str, Result]:
    suite = folder / "small.robot"
    suite.write_text(text.replace("{secret}", SECRET), encoding="utf-8")
    leak = Answer(400, {"error": f"mongodb://prisma:{SECRET}-of-mongodb@10.0.0.1 refused the login"})
    with http_server({"GET /ack": Answer(200, {}), "GET /channels": leak, **(answers or {})}) as server:
        site = STAGING | {
            "focus": {"url": server.url + prefix, "auth": "none"},
            "state_dir": str(folder),
            "capabilities": ["rest"],
            "simulated": True,
            "reserve": None,
            **site_data,
        }
        (folder / "site.yaml").write_text(yaml.safe_dump(site), encoding="utf-8")
        run(
            str(suite),
            variable=[f"SITE:{folder / 'site.yaml'}"],
            outputdir=str(folder),
            log=None,
            report=None,
            console="none",
        )
    return {test.name: test for test in ExecutionResult(folder / "output.xml").suite.all_tests}


def test_secrets_are_blanked_and_the_run_is_stamped(tmp_path: Path) -> None:
    secrets.register(SECRET)
    tests = results(tmp_path)
    assert tests["Fails With A Secret"].message == "it was refused: <secret>"
    messages = [line for line in (tmp_path / "output.xml").read_text(encoding="utf-8").splitlines() if "<msg" in line]
    assert messages
    assert not [line for line in messages if SECRET in line]
    suite = ExecutionResult(tmp_path / "output.xml").suite
    assert suite.metadata["Site"] == "staging"
    assert "SIMULATED" in suite.metadata
    assert tests["Comes After A Critical Failure"].passed


def test_a_suite_of_another_site_is_named_too(tmp_path: Path) -> None:
    results(tmp_path, simulated=False)
    suite = ExecutionResult(tmp_path / "output.xml").suite
    assert suite.metadata["Site"] == "staging"
    assert "SIMULATED" not in suite.metadata


WITHOUT_OPEN_SITE = """
*** Settings ***
Resource         focus.resource

*** Test Cases ***
Asks By A Keyword
    Ask Focus Server    GET    /ack

Asks By A Variable
    Log    ${SITE_DATA.name}
"""


def test_a_suite_that_opens_no_site_fails_and_names_what_to_add(tmp_path: Path) -> None:
    tests = results(tmp_path, WITHOUT_OPEN_SITE)
    assert {test.status for test in tests.values()} == {"FAIL"}
    sentence = "Suite 'Small' asks the site and has not opened it: add 'Suite Setup    Open Site    rest', with"
    assert tests["Asks By A Keyword"].message.startswith(sentence)
    assert sentence in tests["Asks By A Variable"].message


def test_two_sites_at_once_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_SITE", "simulated")
    messages = {test.message.partition("\n")[2] for test in results(tmp_path, simulated=False).values()}
    assert messages == {
        f"Two sites are chosen: '{tmp_path / 'site.yaml'}' by the variable ${{SITE}}, 'simulated' by run.py's --site "
        "or the environment variable FOCUS_SITE; leave one out, or rename ${SITE} where it means something else."
    }


def test_one_site_may_be_chosen_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_SITE", str(tmp_path / "." / "site.yaml"))
    assert results(tmp_path)["Comes After A Critical Failure"].passed


OWN_VARIABLE = """
*** Settings ***
Resource         focus.resource
Suite Setup      Open Site    rest
Suite Teardown   Close Site

*** Test Cases ***
Has A Variable Of The Same Name
    VAR    ${site}    north
    Log    ${SITE_DATA.name}
    Ask Focus Server    GET    /ack
"""


def test_a_variable_of_a_test_does_not_choose_the_site(tmp_path: Path) -> None:
    test = results(tmp_path, OWN_VARIABLE)["Has A Variable Of The Same Name"]
    assert test.passed, test.message


LEAKING = """
*** Settings ***
Resource         focus.resource
Suite Setup      Open Site    rest
Suite Teardown   Close Site

*** Test Cases ***
Looks At Nothing Of The Answer
    Ask Focus Server    GET    /channels

Comes After The Leak
    Ask Focus Server    GET    /ack
"""


def test_a_secret_that_an_answer_shows_fails_the_test_and_stands_nowhere(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text(f"{SECRET}-of-mongodb", encoding="utf-8")
    password.chmod(0o600)
    mongodb = STAGING["mongodb"] | {"password": {"file": str(password)}}
    tests = results(tmp_path, LEAKING, mongodb=mongodb)
    leaking = tests["Looks At Nothing Of The Answer"]
    assert leaking.failed
    assert "/channels (answered 400) shows a secret of the site, that of mongodb.password in the" in leaking.message
    assert tests["Comes After The Leak"].passed
    assert SECRET not in (tmp_path / "output.xml").read_text(encoding="utf-8")


HALVES = """
*** Settings ***
Library          SiteLibrary
Suite Setup      Open Site    rest
Suite Teardown   Run Keywords    Close Site    AND    Fail    ${{'\\udc80'}}

*** Test Cases ***
Logs And Fails With Half Of A Pair
    Log     ${{'\\ud83d'}}
    Fail    ${{'\\udc80'}}

Comes After It
    Log    שלום 📡
"""


def test_what_no_file_can_hold_does_not_cost_the_results(tmp_path: Path) -> None:
    tests = results(tmp_path, HALVES)
    assert tests["Logs And Fails With Half Of A Pair"].message.startswith("\\udc80")
    text = (tmp_path / "output.xml").read_text(encoding="utf-8")
    assert ">\\ud83d</msg>" in text
    assert ">שלום 📡</msg>" in text


def test_a_critical_failure_stops_the_lanes_where_asked_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_STOP_MARKER", str(tmp_path / "critical"))
    after = results(tmp_path)["Comes After A Critical Failure"]
    assert after.skipped
    assert after.message == "A critical test failed: Small.Fails With A Secret."


STOPPED = """
*** Settings ***
Library          SiteLibrary
Library          stop.py
Suite Setup      Open Site    rest

*** Test Cases ***
Under Way
    [Tags]    critical
    Stop
    Log    not reached

Not Begun
    [Tags]    critical
    No Operation
"""
STOP = "import os, signal\ndef stop():\n    os.kill(os.getpid(), signal.SIGINT)\n"


def test_a_critical_test_that_is_stopped_from_outside_stops_no_other_lane(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOCUS_STOP_MARKER", str(tmp_path / "critical"))
    (tmp_path / "stop.py").write_text(STOP, encoding="utf-8")
    tests = results(tmp_path, STOPPED)
    assert [test.failed for test in tests.values()] == [True, True]
    assert tests["Under Way"].message == "Execution terminated by signal"
    assert "robot:exit" in tests["Not Begun"].tags
    assert not (tmp_path / "critical").exists()


def test_the_run_leaves_no_registry_behind(tmp_path: Path) -> None:
    before = cleanup.current()
    results(tmp_path)
    assert cleanup.current() is before


LOST = """
*** Settings ***
Library          SiteLibrary
Library          clean_up.py
Suite Setup      Open Site    rest

*** Test Cases ***
試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験試験
    [Tags]    critical
    Remove At End
    Fail    it was refused

Comes After
    Log    nothing is wrong
"""
REMOVES = """
from focus_core.base import cleanup
def remove_at_end():
    cleanup.current().add("thing", lambda: print("was removed", file=open("{file}", "w")))
"""


@pytest.mark.parametrize("in_the_way", ["pod_logs", "critical", "used", ""])
def test_evidence_that_cannot_be_kept_is_reported_and_stops_no_clean_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_the_way: str
) -> None:
    monkeypatch.setenv("FOCUS_STOP_MARKER", str(tmp_path / "folder" / "critical"))
    monkeypatch.setattr(evidence, "collect", lambda *_: [evidence.PodLog("focus (Running)", "inside")])
    if in_the_way != "critical":
        (tmp_path / "folder").mkdir()
    if in_the_way == "pod_logs":
        (tmp_path / "pod_logs").touch()
    if in_the_way == "used":
        monkeypatch.setattr(state, "touch_used", lambda _site: out_of_space(once=tmp_path / "removed"))
    (tmp_path / "clean_up.py").write_text(REMOVES.replace("{file}", str(tmp_path / "removed")), encoding="utf-8")
    tests = list(results(tmp_path, LOST).values())
    assert (tmp_path / "removed").read_text(encoding="utf-8").strip() == "was removed"
    lines = tests[0].message.splitlines()
    assert lines[0] == "it was refused"
    assert [" was not kept (" in line for line in lines[1:]] == ([True] if in_the_way else [])
    assert len(list((tmp_path / "pod_logs").glob("*.log"))) == (in_the_way != "pod_logs")
    assert "of listener" not in (tmp_path / "output.xml").read_text(encoding="utf-8")


def out_of_space(*, once: Path) -> None:
    """A disk that fills up while the test runs."""
    if once.exists():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


KNOWN = """
*** Settings ***
Library          SiteLibrary
Suite Setup      Open Site    rest

*** Test Cases ***
Is Explained
    [Tags]    critical
    Fail    The view is wrong:\\n- status is ''

Has A Line That Nothing Explains
    Fail    The view is wrong:\\n- status is ''\\n- lines_dt is 0.5

Is A Table Of Explained Rows
    [Template]    Fail
    The view is wrong:\\n- status is ''
    The view is wrong:\\n- status is ''\\n- stream_port is '12301'

Is A Table With A Row That Nothing Explains
    [Template]    Fail
    The view is wrong:\\n- status is ''
    It was answered 500.

Has A Long Table
    [Template]    Fail
{rows}

Fails In Its Setup
    [Setup]    Fail    status is ''
    No Operation

Fails In Its Teardown
    Fail    status is ''
    [Teardown]    Fail    status is ''

Passes Though It Has A Bug
    [Tags]    PZ-13873
    No Operation

Comes After A Known Critical Failure
    No Operation
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Result], list[str]]:
    """The tests of a run on a site with known bugs, and its warnings."""
    folder = tmp_path_factory.mktemp("known")
    rows = "\n".join(f"    The view {number} is wrong:\\n- status is ''\\n- view_type is '0'" for number in range(60))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOCUS_STOP_MARKER", str(folder / "critical"))
        patch.setattr(known_bugs, "_all", lambda: BUGS)
        tests = results(folder, KNOWN.format(rows=rows), known_bugs=["PZ-13667", "PZ-13271"])
    errors = ExecutionResult(folder / "output.xml").errors
    return tests, [message.message for message in errors]


def test_a_failure_that_known_bugs_explain_is_skipped(known: tuple[dict[str, Result], list[str]]) -> None:
    tests, _ = known
    test = tests["Is Explained"]
    assert test.skipped
    assert test.message == "Known bug PZ-13667: it is empty.\nThe view is wrong:\n- status is ''"
    assert "known-bug" in test.tags
    table = tests["Is A Table Of Explained Rows"]
    assert table.skipped
    assert table.message.startswith("Known bug PZ-13667: it is empty.\nKnown bug PZ-13271: it is a text.\nSeveral ")
    assert tests["Has A Long Table"].skipped


@pytest.mark.parametrize(
    "name",
    [
        "Has A Line That Nothing Explains",
        "Is A Table With A Row That Nothing Explains",
        "Fails In Its Setup",
        "Fails In Its Teardown",
    ],
)
def test_anything_left_over_stays_a_failure(name: str, known: tuple[dict[str, Result], list[str]]) -> None:
    test = known[0][name]
    assert test.failed
    assert "Known bug" not in test.message
    assert "known-bug" not in test.tags


def test_a_bug_that_a_test_does_not_show_any_more_looks_fixed(known: tuple[dict[str, Result], list[str]]) -> None:
    fixed = "Known bug PZ-13667: it is empty. It looks fixed on staging: 'Passes Though It Has A Bug' passed."
    assert [message for message in known[1] if "fixed" in message] == [fixed]


def test_a_known_critical_failure_stops_nothing(known: tuple[dict[str, Result], list[str]]) -> None:
    assert known[0]["Comes After A Known Critical Failure"].passed


BREAKS_THE_CONTRACT = """
*** Settings ***
Resource          focus.resource
Suite Setup       Open Site    rest
Suite Teardown    Close Site

*** Test Cases ***
Sees An Answer That Is Another Contract
    Ask Focus Server    GET    /ack/7-1

Asks Nothing
    No Operation
"""


def test_an_answer_that_breaks_the_contract_fails_the_test_without_a_word(tmp_path: Path) -> None:
    wrong = {"GET /focus-server/ack": Answer(200, {}), "GET /focus-server/ack/7-1": Answer(200, {"status": "asleep"})}
    tests = results(tmp_path, BREAKS_THE_CONTRACT, wrong, "/focus-server")
    assert tests["Sees An Answer That Is Another Contract"].message == (
        "The contract of record was broken:\n- focus-server GET /ack/{job_id} 200: status is 'asleep', expected "
        "'waiting' or 'running' or 'completed' (rule enum)"
    )
    assert tests["Asks Nothing"].passed
