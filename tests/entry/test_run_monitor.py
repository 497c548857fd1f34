"""A run of four lanes beside its pod monitor: each line with its test, and pages that can be opened."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support.checkout import WAIT_S, Checkout, OwnSite, clean_environment, folder_of, site_of_its_own
from support.limited_rights import PODS_AND_EVENTS, limited_kubeconfig
from support.line_owners import judged, share

# Five tests in each of four lanes, three views a test at most: fifty-two jobs.
SUITE = """\
*** Settings ***
Resource          focus.resource
Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site

*** Test Cases ***
{tests}
"""
TEST = """\
Views Come And Go {number}
    FOR    ${{place}}    IN RANGE    {views}
        ${{view}} =    Open Live View    channels=1-3
        Ask Focus Server    GET    /metadata/${{view.job_id}}
        Ask Focus Server    GET    /metadata/0-0
        Close View    ${{view}}
    END
"""
FAILS = """\
Fails In The End
    Ask Focus Server    GET    /channels
    Fail    as it should
"""

TWO = SUITE.format(tests=f"Asks\n    Ask Focus Server    GET    /channels\n\n{FAILS}")


@pytest.fixture(scope="module")
def site_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of a simulated site that is up."""
    with site_of_its_own(tmp_path_factory.mktemp("up")) as site:
        started = site.simulator("up")
        assert started.returncode == 0, started.stderr
        yield Path(started.stdout.split()[-1])


@pytest.mark.nightly
def test_lines_of_four_lanes_belong_to_their_tests(here: Checkout, own_site: OwnSite, tmp_path: Path) -> None:
    for lane in "abcd":
        tests = "\n".join(TEST.format(number=number, views=3 if number < 3 else 2) for number in range(5))
        last = FAILS if lane == "a" else ""
        (tmp_path / f"{lane}.robot").write_text(SUITE.format(tests=f"{tests}\n{last}"))
    ended = here.run("suites", "--site", str(own_site.file), str(tmp_path))
    folder = folder_of(ended.out)
    counts = judged(folder / "pod_logs")
    print(dict(counts), json.loads((folder / "pod_logs" / "monitor.json").read_text()))  # noqa: T201 - the figures
    assert counts["request id", True] > 200
    assert counts["identity", True] > 200
    assert share(counts, "request id") == 100
    assert share(counts, "identity") == 100
    assert share(counts, "nothing") >= 95
    summary = json.loads((folder / "pod_logs" / "summary.json").read_text(encoding="utf-8"))
    assert summary["banner"] == ""
    assert "## Logs of the pods" in (folder / "summary.md").read_text(encoding="utf-8")
    output = (folder / "output.xml").read_text(encoding="utf-8")
    links = set(re.findall(r"href=&quot;(pod_logs/[^&]+)|href=\"(pod_logs/[^\"]+)", output))
    assert len(links) == 4 * 5 + 2
    assert all((folder / "".join(link)).is_file() for link in links)
    assert len(list((folder / "pod_logs" / "tests").glob("*.png"))) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("rights", [PODS_AND_EVENTS, ()], ids=["no logs", "nothing"])
def test_results_are_the_same_without_rights_and_the_report_says_so(
    here: Checkout, site_file: Path, tmp_path: Path, rights: tuple[str, ...]
) -> None:
    content = yaml.safe_load(site_file.read_text(encoding="utf-8"))
    place = content["kubernetes"]
    admin = Path(place["kubeconfig"])
    place["kubeconfig"] = str(limited_kubeconfig(tmp_path, admin, place["namespace"], rights))
    # Those who may not list pods may not reserve the site either.
    limited = tmp_path / "limited.yaml"
    limited.write_text(yaml.safe_dump(content | {"reserve": None}), encoding="utf-8")
    (tmp_path / "two.robot").write_text(TWO.replace("rest    kubernetes", "rest"))
    ended = {
        mode: here.run("suites", "--site", str(limited), "--monitor", mode, str(tmp_path / "two.robot"))
        for mode in ("off", "on")
    }
    assert {(one.code, "1 passed, 1 failed, 0 skipped" in one.out) for one in ended.values()} == {(1, True)}
    assert "pod monitor: " not in ended["off"].out
    banner = r"The cluster refused \d+ logs" if rights else r".* it refuses the pods \(403 pods is forbidden: "
    assert re.search(f"pod monitor: {banner}", ended["on"].out)
    summary = (folder_of(ended["on"].out) / "summary.md").read_text(encoding="utf-8")
    assert re.search(rf"## Logs of the pods\s+\*\*{banner}", summary)


@pytest.mark.nightly
@pytest.mark.parametrize("program", ["robot", "pabot"])
def test_plain_robot_and_pabot_have_a_monitor_where_they_are_told(
    site_file: Path, tmp_path: Path, program: str
) -> None:
    for name in "ab":
        (tmp_path / f"{name}.robot").write_text(TWO)
    out, beside = tmp_path / "out", Path(sys.executable).parent
    command = [str(beside / program), *(["--pabotlibport", "0"] if program == "pabot" else []), "--outputdir", str(out)]
    environment = clean_environment() | {"FOCUS_SITE": str(site_file), "FOCUS_MONITOR": "on"}
    environment["PATH"] = f"{beside}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        [*command, str(tmp_path / "a.robot"), str(tmp_path / "b.robot")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    # The monitor has seen that pabot has ended a moment later.
    deadline = time.monotonic() + WAIT_S
    while not (out / "pod_logs" / "summary.json").exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    summary = json.loads((out / "pod_logs" / "summary.json").read_text(encoding="utf-8"))
    assert (summary["banner"], summary["monitor"]["ended"]) == ("", True)
    links = set(re.findall(r"href=(?:&quot;|\")(pod_logs/[^&\"]+)", (out / "output.xml").read_text(encoding="utf-8")))
    # One a test, and its text where it failed.
    assert len(links) == 2 * (2 + 1)
    assert all((out / link).is_file() for link in links)
    pages = [path.read_text(encoding="utf-8") for path in (out / "pod_logs" / "tests").glob("*.html")]
    assert sum("GET /focus-server/channels" in page or "/channels" in page for page in pages) >= 4
