"""A failed test of a real run: its bundle, its report in three forms, and its replay."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from support.failed_run import SECRET, SUITE, TEST, make

from pipeline.bug import document, folder, found, jira
from pipeline.bug.document import Code, Document, Facts, Heading, Items, Picture, Text
from pipeline.bug.report import Past
from pipeline.errors import RunError
from pipeline.replay import again, bundles


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("failed"))


@pytest.fixture(scope="module")
def report(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    since = Past(("20261101-090000-aa11", "2026-11-01T09:00:00"), (("suites/a.robot::Other", "20261129-1", "lab"),))
    return folder.write(found.failure(str(run), "neither work"), since, tmp_path_factory.mktemp("report") / "here")


def test_the_report_holds_what_a_developer_needs(report: Path) -> None:
    text = (report / "report.md").read_text(encoding="utf-8")
    for words in (
        "not as the contract has it",
        "Header Should Change Nothing",
        "was answered 200",
        "curl -sS -i",
        "/channels",
        "200 in 0.",
        "| Site | staging |",
        SUITE.replace("_", "\\_"),
        "PZ-14775",
        "since run 20261101-090000-aa11 (2026-11-01 09:00)",
        "Other failed alike in run 20261129-1 on lab",
        "python run.py replay bundle.zip",
        f"python run.py suites --site staging --test '{TEST}' {SUITE}",
        "![calls of the test in the order of time](timeline.png)",
    ):
        assert words in text
    assert (report / "timeline.png").read_bytes().startswith(b"\x89PNG")
    assert "curl" in (report / "requests.sh").read_text(encoding="utf-8")


def test_jira_gets_the_same(report: Path) -> None:
    assert "h2. Requests" in (report / "jira.txt").read_text(encoding="utf-8")
    content = json.loads((report / "jira.adf.json").read_text(encoding="utf-8"))
    assert (content["type"], content["version"]) == ("doc", 1)
    assert "not as the contract has it" in json.dumps(content)


def test_no_secret_and_no_path_of_this_machine_leaves_it(run: Path, report: Path) -> None:
    texts = [path.read_bytes() for path in report.iterdir() if path.suffix != ".zip"]
    with zipfile.ZipFile(report / "bundle.zip") as archive:
        texts += [archive.read(name) for name in archive.namelist()]
    for text in texts:
        assert SECRET.encode() not in text
        assert str(run).encode() not in text
        assert str(Path.home()).encode() not in text
    assert b"<secret>" in b"".join(texts)


@pytest.mark.nightly
def test_the_bundle_is_replayed_without_the_server_to_the_same_message(report: Path, tmp_path: Path) -> None:
    replay = again.play(bundles.read(report / "bundle.zip"), tmp_path / "replay")
    assert replay.same, replay.result.message
    assert "not as the contract has it" in replay.result.message


def test_a_second_replay_at_the_same_time_is_refused(report: Path, tmp_path: Path) -> None:
    bundle = bundles.read(report / "bundle.zip")
    with FileLock(tmp_path / ".replay.lock"), pytest.raises(RunError, match="Another replay writes into"):
        again.play(bundle, tmp_path / "replay")
    assert not (tmp_path / "replay").exists()


def test_the_log_shows_each_request_as_curl(run: Path) -> None:
    text = (run / "output.xml").read_text(encoding="utf-8")
    assert "copy as curl" in text
    assert "curl -sS -i" in text


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("nowhere", "No failed test of this run has 'nowhere' in its name. These failed:\n  ")],
)
def test_a_name_that_is_no_failed_test_is_refused(run: Path, name: str, sentence: str) -> None:
    with pytest.raises(RunError) as error:
        found.failure(str(run), name)
    assert str(error.value).startswith(sentence)


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("no zip")
    with pytest.raises(RunError, match=r"x\.zip is no bundle of a failed test"):
        bundles.read(tmp_path / "x.zip")
    with pytest.raises(RunError, match=r"There is no bundle .*y\.zip"):
        bundles.read(tmp_path / "y.zip")
    made = a_bundle(tmp_path / "z.zip", {"source": "../../etc/passwd"})
    with pytest.raises(RunError, match="This checkout has no suite"):
        again.play(bundles.read(made), tmp_path / "replay")


def a_bundle(path: Path, parts: dict[str, object]) -> Path:
    content = {"format": 1} | dict.fromkeys(bundles.PARTS, "x") | parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle.json", json.dumps(content))
    return path


def lose_a_part(bundle: Path) -> None:
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("bundle.json", json.dumps({"format": 1, "test": "x"}))


def damage(bundle: Path) -> None:
    content = bytearray(bundle.read_bytes())
    begin = content.index(b"bundle.json") + len("bundle.json")
    content[begin : begin + 10] = b"\xff" * 10
    bundle.write_bytes(content)


def set_a_password(bundle: Path) -> None:
    content = bytearray(bundle.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the list at the end, and that at the file itself
    content[6] |= 1
    bundle.write_bytes(content)


@pytest.mark.parametrize("harm", [lose_a_part, damage, set_a_password])
def test_a_bundle_that_was_harmed_on_its_way_is_refused(harm: Callable[[Path], None], tmp_path: Path) -> None:
    bundle = a_bundle(tmp_path / "x.zip", {})
    bundles.read(bundle)
    harm(bundle)
    with pytest.raises(RunError, match=r"x\.zip is no bundle of a failed test"):
        bundles.read(bundle)


WHOLE = Document(
    "a | title",
    (
        Heading("h"),
        Text("one [link](x) @me {code} *bold*"),
        Items(("a", "b_c")),
        Code("```\n{code} {noformat}", "bash"),
        Code(""),
        Facts((("name", "a|b"),)),
        Picture("p.png", "alt"),
    ),
)


def test_markdown_shows_texts_as_they_are() -> None:
    text = document.markdown(WHOLE)
    assert "one \\[link\\](x) @\u200bme {code} \\*bold\\*" in text
    assert "````bash\n```\n" in text
    assert "| name | a\\|b |" in text


def test_wiki_markup_ends_no_block_early() -> None:
    text = jira.wiki(WHOLE)
    assert "{code:bash}\n```\n{ code} { noformat}\n{code}" in text
    assert "one \\[link\\](x) \\@me \\{code\\} \\*bold\\*" in text
    assert "||name|a\\|b|" in text


def test_descriptions_of_jira_stay_within_its_limit() -> None:
    long = Document("x", tuple(Code("y" * 5000) for _ in range(20)))
    assert len(jira.wiki(long)) <= jira.LONGEST
    assert jira.wiki(long).endswith(jira.CUT)
    assert len(json.dumps(jira.adf(long))) < jira.LONGEST + 500


def test_adf_has_no_empty_text() -> None:
    assert '"text": ""' not in json.dumps(jira.adf(WHOLE))
