"""What a change touches: changed lines, the keywords in them, and the tests that use these."""

from __future__ import annotations

from pathlib import Path

import pytest
from robot.running import ResourceFile

from pipeline.errors import RunError
from pipeline.paths import RESOURCES
from pipeline.quick import changes
from pipeline.quick.keyword_modules import KeywordModules

DIFF = """\
diff --git a/resources/views.resource b/resources/views.resource
--- a/resources/views.resource
+++ b/resources/views.resource
@@ -3 +3 @@ Documentation
-old
+new
@@ -10,2 +9,0 @@
-gone
-gone
@@ -20,0 +18,3 @@
+++ more
diff --git a/docs/old.md b/docs/old.md
--- a/docs/old.md
+++ /dev/null
@@ -1 +0,0 @@
-gone
"""
MODULES = {
    "focus_core/base/words.py": "LIMIT = 3\n",
    "focus_core/server/client.py": "from focus_core.base import words\n",
    "focus_keywords/alerts/pushing.py": (
        "from focus_core.server.client import Client\n"
        "class Pushing:\n"
        "    @keyword(tags=())\n"
        "    def push_alert(self): ...\n"
        "    def helper(self): ...\n"
        '    @keyword("Push ROI Alert")\n'
        "    def push_roi(self): ...\n"
    ),
    "focus_keywords/node/login.py": "class Login:\n    @keyword\n    def log_in(self): ...\n",
}


@pytest.fixture
def libraries(tmp_path: Path) -> Path:
    for name, text in MODULES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_lines_of_a_diff_are_those_of_the_new_file_and_a_removed_file_has_none() -> None:
    assert changes.changed_lines(DIFF) == {
        "resources/views.resource": [range(3, 4), range(9, 11), range(18, 21)],
    }


@pytest.mark.parametrize(
    ("module", "line", "found"),
    [
        ("focus_keywords/alerts/pushing.py", 4, {"pushalert"}),
        ("focus_keywords/alerts/pushing.py", 6, {"pushroialert"}),
        ("focus_keywords/alerts/pushing.py", 5, {"pushalert", "pushroialert"}),
        ("focus_core/base/words.py", 1, {"pushalert", "pushroialert"}),
        ("focus_keywords/node/login.py", 3, {"login"}),
    ],
)
def test_keywords_of_a_line_or_of_all_modules_that_import_it(
    libraries: Path, module: str, line: int, found: set[str]
) -> None:
    modules = KeywordModules(libraries)
    assert modules.keywords(libraries / module, [range(line, line + 1)]) == found


def test_a_changed_keyword_touches_the_tests_that_use_it_and_no_others() -> None:
    path = "resources/views.resource"
    words = ResourceFile.from_file_system(RESOURCES / "views.resource").keywords
    rows = next(word.lineno for word in words if word.name == "Rows Of A View Should Be Valid")
    of_one = changes.touched({path: [range(rows + 1, rows + 2)]})
    of_all = changes.touched({path: [range(1, 2)]})
    assert set() < of_one.tests < of_all.tests
    assert "suites/api/jobs.robot" in {file for file, _ in of_all.tests - of_one.tests}
    assert of_all.others == []


def test_a_suite_touches_its_tests_and_what_leads_to_no_test_is_named() -> None:
    found = changes.touched(
        {"suites/api/health.robot": [range(1, 9)], "simulator/defects.yaml": [range(1, 2)], "docs/ci.md": [range(1, 2)]}
    )
    assert found.files == {"suites/api/health.robot"}
    assert (found.tests, found.others) == (set(), ["simulator/defects.yaml"])


def test_a_commit_that_git_does_not_know_is_refused() -> None:
    with pytest.raises(RunError, match="git knows no commit or branch 'no-such-branch' here"):
        changes.since("no-such-branch")
    with pytest.raises(RunError, match="'--help'"):
        changes.since("--help")
