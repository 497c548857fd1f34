"""A run of four lanes beside its pod monitor: each line with its test, and pages that can be opened."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support.checkout import Checkout, OwnSite, folder_of
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
