"""A run at TRACE over suites of every area, with failures and their evidence, leaves no secret anywhere."""

from __future__ import annotations

import base64
import gzip
import json
import zipfile
import zlib
from pathlib import Path

import pytest
import yaml
from support import suite_files
from support.checkout import ROOT, Checkout, OwnSite, folder_of
from support.secret_search import ChildrenWatch, Secrets

LONG = {"slow", "load", "stress", "exclusive", "disruptive"}
# Some tests fail, so that there is evidence: pod logs, bundles, what was asked and answered.
FAILING = ("wrong-channel-amount", "cookie-flags-missing", "health-always-ok", "alerts-unsorted")
XRAY = {"XRAY_CLIENT_ID": "xray-id-of-the-secrets-test", "XRAY_CLIENT_SECRET": "xray-secret-of-the-secrets-test"}
SECRET = 'a secret with spaces, ünïcode and "quotes"'


def chosen() -> list[str]:
    """The first short test of each file, and the first of each area that has no short ones."""
    first: dict[str, str] = {}
    for test in sorted(suite_files.tests(), key=lambda test: bool(test.tags & LONG)):
        groups = {str(test.file), *(test.tags & areas())} if not test.tags & LONG else test.tags & areas()
        for group in groups:
            first.setdefault(group, test.name)
    return sorted(set(first.values()))


def areas() -> set[str]:
    return set(yaml.safe_load((ROOT / "variables" / "tags.yaml").read_text(encoding="utf-8"))["areas"])


def known(site: OwnSite) -> dict[str, str]:
    """Every secret of a site by the file that it stands in, those of the kubeconfigs, and the credentials of Xray."""
    found = dict(XRAY)
    for path in (site.state_dir / "secrets").iterdir():
        text = path.read_text(encoding="utf-8").strip()
        if path.suffix in (".crt", ".pem", ".json") or path.name == "node_authorized_keys":
            continue
        if text.startswith("-----BEGIN"):
            # Of a private key a line of its middle: the first ones are alike in all keys of a kind.
            text = text.splitlines()[-3]
        found[path.name] = text
    for path in site.state_dir.glob("kubeconfig*"):
        for user in yaml.safe_load(path.read_text(encoding="utf-8"))["users"]:
            found |= {f"{path.name} {key}": value for key, value in user["user"].items() if "certificate" not in key}
    return {name: value for name, value in found.items() if len(value) > 7}


@pytest.mark.nightly
def test_nothing_of_a_run_holds_a_secret(here: Checkout, own_site: OwnSite, tmp_path: Path) -> None:
    assert own_site.simulator("up").returncode == 0
    assert own_site.simulator("defect", "on", *FAILING).returncode == 0
    secrets = Secrets(known(own_site))
    assert len(known(own_site)) > 12
    names = [part for name in chosen() for part in ("--test", name)]
    places = {name: str(tmp_path / name) for name in ("XDG_STATE_HOME", "TMPDIR")}
    Path(places["TMPDIR"]).mkdir()
    process = here.start(
        *("suites", "--site", str(own_site.file), "--loglevel", "TRACE", *names, "suites"), env={**XRAY, **places}
    )
    with ChildrenWatch(process.pid) as children:
        out, err = process.communicate(timeout=1800)
    assert 0 < process.returncode <= 250, out + err
    folder = folder_of(out)
    assert "lane0" in (folder / "output.xml").read_text(encoding="utf-8")
    assert list(folder.rglob("*.zip")), "no failed test has left evidence"
    assert secrets.in_files([folder, ROOT / "results" / ".sites", tmp_path, own_site.state_dir / "logs"]) == {}
    assert secrets.in_bytes((out + err).encode()) == set()
    assert children.lines
    assert [line for line in children.lines if secrets.in_bytes(line.encode())] == []
    # What was given to run.py by its environment, its children have by theirs.
    given = {f"{name}={value}" for name, value in XRAY.items()}
    assert [one for one in children.environments - given if secrets.in_bytes(one.encode())] == []


@pytest.mark.nightly
def test_every_area_has_tests_in_that_run() -> None:
    names = set(chosen())
    covered = {tag for test in suite_files.tests() if test.name in names for tag in test.tags}
    there_are = areas() & {tag for test in suite_files.tests() for tag in test.tags}
    assert there_are - covered == set()
    assert len(names) > 50


@pytest.mark.parametrize("form", ["plain", "json", "base64", "zip", "gz", "log", "name"])
def test_a_secret_is_found_in_whatever_it_stands(tmp_path: Path, form: str) -> None:
    plain = f"before {SECRET} after".encode()
    path = tmp_path / {"zip": "a.zip", "gz": "a.txt.gz", "log": "log.html", "name": f"{SECRET}.txt"}.get(form, "a.txt")
    if form == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inside.json", json.dumps({"x": SECRET}))
    else:
        path.write_bytes(
            {
                "json": json.dumps([SECRET]).encode(),
                "base64": base64.b64encode(SECRET.encode()),
                "gz": gzip.compress(plain),
                "log": b'strings.concat(["' + base64.b64encode(zlib.compress(plain * 9)) + b'"]);',
                "name": b"",
            }.get(form, plain)
        )
    assert [*Secrets({"mine": SECRET}).in_files([tmp_path]).values()] == [{"mine"}]
    assert Secrets({"mine": "another"}).in_files([tmp_path]) == {}


def test_tokens_made_at_run_time_are_found_by_their_look() -> None:
    secrets = Secrets({"mine": SECRET})
    assert secrets.in_bytes(b"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJsYW5lMCJ9.abc_-123")
    assert secrets.in_bytes(b"Cookie: csrf-token=abcdefghijklmnopqrst")
    assert not secrets.in_bytes(b"Cookie: csrf-token=<secret>; access-token=planted-by-somebody-else")
