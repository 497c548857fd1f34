"""Every keyword with arguments that no tester means: it fails, soon, with a sentence that a tester can use.

The site is one where nothing listens. What a keyword does to arguments before it asks the site, and what it makes of a
site that is gone, is seen here; nothing else of it.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from focus_core.site import loader as site_loader
from robot.api import ExecutionResult
from robot.libdoc import LibraryDocumentation
from robot.libdocpkg.model import KeywordDoc
from robot.running.arguments import ArgInfo

HERE = Path(__file__).parent
LIBRARIES = sorted(path.stem for path in (HERE.parents[1] / "libraries").glob("*Library.py"))

# A call has so many seconds; a timeout of Robot Framework stops it soon after.
SECONDS = 2
STOPPED_WITHIN_S = 1.5

BAD = [
    "${EMPTY}",
    "wrong",
    "0",
    "-1",
    "1.5",
    "99999999999999999999",
    "1e300",
    "nan",
    "inf",
    "${None}",
    "${0}",
    "${{[]}}",
    "${{['wrong']}}",
    "${{{}}}",
    "é\\x00\\ud7ff",
]
# A good value of each type, as a tester writes it.
GOOD = {
    "int": "1",
    "float": "1",
    "str": "text",
    "bool": "True",
    "timedelta": "10 seconds",
    "datetime": "${Moment}",
    "ChannelRange": "11-13",
    "FrequencyRange": "0-5 Hz",
    "Distance": "1250 m",
    "Metres": "1250 m",
    "Moment": "10 minutes ago",
    "Percentage": "1 %",
    "TimeStatus": "Live",
    "ViewType": "MultiChannel",
    "AssertionOperator": "==",
    "Any": "{}",
    "dict": "${{{'a': 1}}}",
    "JsonObject": '{"a": 1}',
}
# What asks no site for anything, what reports how a stream ended, and what a site that is gone fulfils.
MAY_PASS = {
    "Answer Should Not Repeat",
    "Answer Should Not Repeat Path",
    "Answer Should Show Nothing Internal",
    "Channels Should Be Listed In Order",
    "Client Should Connect Again",
    "Close Site",
    "Focus Server Should Be Unavailable",
    "Get Answer Header",
    "Get Answer Status",
    "Get Answer Time",
    "Get Frame Count",
    "Get Frame Field",
    "Get Frames",
    "Get Frequencies",
    "Get Frequency Steps",
    "Get Mapped Channels",
    "Get Stream Field",
    "Get View Count",
    "Get View Field",
    "Get Views",
    "Keep Reading",
    "Longest Window Of The Display Time",
    "Measure Streams Of View",
    "New Name On The Node",
    "Note The Time",
    "Nyquist Frequency",
    "Open Site",
    "Read One Stream Twice",
    "Read Streams Of View",
    "Read Streams Of View To Their End",
    "Recovery Should Take No Longer Than The Site's Budgets",
    "Remove Job Of Answer At End",
    "Rows Of A Millisecond In The Display Time",
    "Show Frequencies In The Log",
    "Some Views Should Have Been Refused",
    "Value Should Be About",
    "View Should Not Be Streamed",
    "Views Should Be Calculated Alike",
}
# Words of Python, of Robot's own types, or of nobody.
UNWORDED = re.compile(
    r"^(?!ValueError: Argument )[A-Za-z_.]*(Error|Exception|Exit|Interrupt|Warning): |NoneType|"
    r"object has no attribute|invalid literal|could not convert|Invalid expression|<class |Traceback|"
    r"of listener|not supported between|list index|argument of type|iterable|"
    r"(?<!\)) that cannot be converted to "
    r"(?![^:]*: )[^:']*(Range|Operator|Hole|list|dict|set|Sequence|View|Exchange|Reading|Mark|Queue)",
)


@pytest.fixture
def dead_site(tmp_path: Path) -> Path:
    """A site file whose services nobody serves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    content: dict[str, Any] = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))
    secret = tmp_path / "password"
    secret.touch(mode=0o600)
    secret.write_text("password-of-nobody", encoding="utf-8")
    password = {"file": str(secret)}
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(kubeconfig(port)), encoding="utf-8")
    for service in ("mongodb", "rabbitmq", "node"):
        content[service] |= {"host": "127.0.0.1", "port": port, "password": password}
    content["rabbitmq"] |= {"management_url": f"http://127.0.0.1:{port}", "tls_port": port}
    content["focus"]["url"] = f"https://127.0.0.1:{port}/focus-server"
    content["webapp"]["url"] = f"https://127.0.0.1:{port}/prisma/api"
    content["kubernetes"] |= {"kubeconfig": str(tmp_path / "kubeconfig"), "context": "nowhere"}
    content["users"][0]["password"] = password
    content |= {"name": "dead", "state_dir": str(tmp_path), "reserve": None}
    content["timings"] |= {name: min(value, 1) for name, value in content["timings"].items()}
    path = tmp_path / "site.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def kubeconfig(port: int) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": f"https://127.0.0.1:{port}"}}],
        "users": [{"name": "u", "user": {"token": "t"}}],
        "contexts": [{"name": "nowhere", "context": {"cluster": "c", "user": "u"}}],
    }


@pytest.mark.nightly
@pytest.mark.parametrize("library", LIBRARIES)
def test_wrong_arguments_are_answered_with_a_sentence(library: str, dead_site: Path, tmp_path: Path) -> None:
    suite = tmp_path / "fuzz.robot"
    suite.write_text(suite_of(library), encoding="utf-8")
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{dead_site}", "--log", "NONE", "--report", "NONE"]
    run = subprocess.run([*command, suite.name], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode <= 250, run.stderr[-2000:]
    assert "fuzz.robot" not in run.stderr, run.stderr[-2000:]
    tests = list(ExecutionResult(tmp_path / "output.xml").suite.all_tests)
    assert tests
    offences = [f"{test.name}: {offence}" for test in tests if (offence := offence_of(test))]
    assert not offences, f"{len(offences)} of {len(tests)}:\n" + "\n".join(offences)


def offence_of(test: Any) -> str:
    took = test.elapsed_time.total_seconds()
    if took > SECONDS + STOPPED_WITHIN_S:
        return f"took {took:.1f} s"
    if test.passed:
        return "" if test.name.rsplit(" #")[0] in MAY_PASS else "passed"
    return test.message[:300] if UNWORDED.search(test.message) else ""


def suite_of(library: str) -> str:
    lines = ["*** Settings ***", f"Variables    {HERE / 'good_values.py'}", f"Test Timeout    {SECONDS} seconds"]
    # Without a suite setup: a site that is gone would end it all.
    lines += [f"Library    {name}" for name in dict.fromkeys(["SiteLibrary", library])]
    lines += ["", "*** Test Cases ***"]
    for word in LibraryDocumentation(library).keywords:
        for number, call in enumerate(calls_of(word)):
            shown = re.sub(r"\s+|[$]", " ", " | ".join(call))
            lines += [f"{word.name} #{number} {shown}", "    " + "    ".join([f"{library}.{word.name}", *call])]
    return "\n".join(lines) + "\n"


def calls_of(word: KeywordDoc) -> Iterator[list[str]]:
    """All arguments good; then one of them wrong, in every way."""
    arguments = [argument for argument in word.args if argument.kind not in _MARKERS]
    yield [written(argument, good(argument)) for argument in arguments if argument.required]
    for wrong in arguments:
        for value in BAD:
            yield [
                written(argument, value if argument is wrong else good(argument))
                for argument in arguments
                if argument.required or argument is wrong
            ]


_MARKERS = (ArgInfo.NAMED_ONLY_MARKER, ArgInfo.POSITIONAL_ONLY_MARKER)


def written(argument: ArgInfo, value: str) -> str:
    if argument.kind is ArgInfo.VAR_POSITIONAL:
        return value
    if argument.kind is ArgInfo.VAR_NAMED:
        return f"wrong={value}"
    return f"{argument.name}={value}"


def good(argument: ArgInfo) -> str:
    kind = str(argument.type).removesuffix(" | None")
    if kind.startswith("Literal["):
        return kind.removeprefix("Literal[").removesuffix("]").split(", ")[0].strip("'")
    return GOOD.get(kind) or GOOD.get(kind.partition("[")[0].partition(" ")[0]) or f"${{{kind}}}"
