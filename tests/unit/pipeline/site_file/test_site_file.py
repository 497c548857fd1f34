"""Site files: made from answers and from an old project, checked, explained."""

from __future__ import annotations

import io
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from focus_core.site import loader as site_loader
from focus_core.site.model import Part, Site
from support.loopback import free_port
from support.site_content import site_content

from pipeline import command_line
from pipeline.commands import site_file
from pipeline.errors import RunError
from pipeline.site_file import explaining, old_project

OLD = {
    "environments": {
        "staging": {
            "focus_server": {
                "base_url": "https://10.0.0.7",
                "api_prefix": "/focus-server",
                "frontend_url": "https://10.0.0.7/liveView?siteId=prisma-210-1000",
                "frontend_api_url": "https://10.0.0.7/prisma/api/",
                "site_id": "prisma-210-1000",
                "verify_ssl": False,
            },
            "constraints": {"frequency": {"max": 1000}, "sensors": {"max": 2222}, "windows": {"max": 30}},
            "nfft": {"default": 1024, "valid_values": [256, 512, 1024]},
            "mongodb": {"host": "10.0.0.8", "port": 27017, "username": "prisma", "password": "n0t-to-be-copied"},
            "rabbitmq": {
                "host": "10.0.0.9",
                "ssl_port": 5671,
                "management_port": 15672,
                "username": "prisma",
                "password": "n0t-to-be-copied",
            },
            "kubernetes": {
                "context": "panda-cluster",
                "namespace": "panda",
                "access_method": "ssh_tunnel",
                "services": {"focus-server": {"name": "focus", "pod_selector": "app=focus"}},
            },
            "ssh": {"jump_host": {"host": "10.0.0.1"}, "target_host": {"host": "10.0.0.7", "username": "tester"}},
            "logging": {"level": "INFO"},
            "mystery": {"answer": 42},
        }
    },
    "test_configurations": {"staging": {"load_testing": {"users": 5}}},
}
CLIENT = {
    "Constraints": {"SensorsRange": 2222, "FrequencyMax": 1000, "MaxWindows": 30},
    "Options": {"nfftSingleChannel": [128, 256]},
    "Defaults": {
        "StartChannel": 11,
        "EndChannel": 109,
        "StartFrequency_hz": 0,
        "EndFrequency_hz": 1000,
        "Nfft": 1024,
        "DisplayTimeAxisDuration": 10,
    },
}


def run(*words: str) -> int:
    return site_file.main(command_line.parse(["site-file", *words]))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "environments.yaml").write_text(yaml.safe_dump(OLD), encoding="utf-8")
    (folder / "usersettings.json").write_text(json.dumps(CLIENT), encoding="utf-8")
    return folder


def test_an_old_environment_becomes_a_valid_file_without_its_secrets(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "אתר" / "staging.yaml"
    assert run("new", "staging", "--from", str(old), "--into", str(path), "--user", "tester") == 0
    assert "n0t-to-be-copied" not in path.read_text(encoding="utf-8")
    site = site_loader.read(str(path))
    assert isinstance(site, Site)
    assert site.focus.url == "https://10.0.0.7/focus-server"
    assert site.webapp.url == "https://10.0.0.7/prisma/api"
    assert (site.mongodb.host, site.rabbitmq.tls_port, site.ui.url) == ("10.0.0.8", 5671, "https://10.0.0.7")
    assert (site.kubernetes.access, site.node.host, site.node.username) == ("kubectl_over_ssh", "10.0.0.7", "tester")
    assert site.workloads.focus_server.selector == "app=focus"
    assert site.limits.nfft_single == [256, 512, 1024]
    assert site.users[0].password.env == "STAGING_USER_PASSWORD"
    assert not site.policy.disruption
    said = capsys.readouterr().out
    assert "tls.ca_file" in said
    assert "mystery" in said
    assert "jump host" in said
    assert "STAGING_MONGODB_PASSWORD" in said


def test_the_clients_settings_are_taken_over_with_it(old: Path, tmp_path: Path) -> None:
    path = tmp_path / "new" / "site.yaml"
    settings = str(old / "usersettings.json")
    run("new", "staging", "--from", str(old), "--into", str(path), "--client-settings", settings)
    site = site_loader.read(str(path))
    assert isinstance(site, Site)
    assert site.limits.nfft_single == [128, 256]
    found = {one.key: one for one in explaining.settings(site, path)}
    assert found["limits.nfft_single"].source == "client settings"


def test_an_unknown_environment_is_refused_with_those_there_are(old: Path) -> None:
    with pytest.raises(RunError, match=r"no environment 'north': choose one of staging"):
        old_project.read(old, "north")


@pytest.mark.parametrize("text", ["", "- a list", "a: [", "environments: 5"])
def test_what_is_no_environments_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "environments.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match=r"environments\.yaml"):
        old_project.read(tmp_path, "staging")


def test_options_make_a_file_that_explains_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.yaml"
    run("new", "mine", "--server", "https://10.0.0.7/focus-server", "--mongodb", "10.0.0.8", "--into", str(path))
    capsys.readouterr()
    assert run("explain", str(path), "--key", "mongodb.") == 0
    said = capsys.readouterr().out
    assert "mongodb.host = 10.0.0.8\n    host of MongoDB  (site file)" in said
    assert "mongodb.port = 27017\n    port of MongoDB  (default)" in said
    assert "mongodb.password = {env: MINE_MONGODB_PASSWORD}" in said


def test_what_no_option_says_is_asked_at_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    answers = ["https://10.0.0.7/focus-server", "~/ca.pem", "", "", "10.0.0.9", "panda-cluster"]
    monkeypatch.setattr("sys.stdin", Terminal("".join(f"{one}\n" for one in answers)))
    path = tmp_path / "asked.yaml"
    assert run("new", "asked", "--into", str(path)) == 0
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content["users"][0]["username"] == "automation"
    assert content["rabbitmq"]["host"] == "10.0.0.9"
    assert content["kubernetes"]["context"] == "panda-cluster"
    assert content["tls"] == {"ca_file": "~/ca.pem"}
    assert "mongodb" not in content
    assert "User of the web app [automation]:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["new", "mine"], "needs the address"),
        (["new", "mine", "--server", "10.0.0.7"], "focus.url"),
        (["new", "no/name", "--server", "https://10.0.0.7"], "named by letters"),
        (["explain", "staging", "--key", "nothing"], "No setting begins"),
        (["check", "nowhere"], "There is no site 'nowhere'"),
    ],
)
def test_wrong_use_writes_nothing(tmp_path: Path, words: list[str], sentence: str) -> None:
    into = ["--into", str(tmp_path / "site.yaml")] if words[0] == "new" and "/" not in words[1] else []
    with pytest.raises(RunError, match=sentence):
        run(*words, *into)
    assert list(tmp_path.iterdir()) == []


def test_a_login_in_an_address_does_not_get_into_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.yaml"
    run("new", "mine", "--server", "https://me:n0t-to-be@copied@10.0.0.7/focus-server", "--into", str(path))
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["focus"] == {"url": "https://10.0.0.7/focus-server"}
    assert "note: The login in 'focus.url' is left out" in capsys.readouterr().out


def test_an_old_address_leaves_its_login_behind(old: Path, tmp_path: Path) -> None:
    file = old / "environments.yaml"
    text = file.read_text(encoding="utf-8").replace("https://10.0.0.7", "https://me:n0t-to-be-copied@10.0.0.7")
    file.write_text(text, encoding="utf-8")
    path = tmp_path / "staging.yaml"
    run("new", "staging", "--from", str(old), "--into", str(path))
    assert "n0t-to-be-copied" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("host", ["mongodb://u:n0t-shown@10.0.0.8:27017/prisma", "u:n0t-shown@10.0.0.8", "10.0.0.8/x"])
def test_a_host_is_no_address(tmp_path: Path, host: str) -> None:
    path = tmp_path / "mine.yaml"
    with pytest.raises(RunError, match=r"'mongodb\.host' is a host alone") as refused:
        run("new", "mine", "--server", "https://10.0.0.7", "--mongodb", host, "--into", str(path))
    assert "n0t-shown" not in str(refused.value)
    assert not path.exists()


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("precious", encoding="utf-8")
    with pytest.raises(RunError, match="already"):
        run("new", "mine", "--server", "https://10.0.0.7", "--into", str(path))
    assert path.read_text(encoding="utf-8") == "precious"


def test_every_setting_has_a_meaning_and_no_meaning_is_left_over() -> None:
    known: dict[str, dict[str, Any]] = explaining._meanings()
    parts = explaining.parts()
    for name, part in parts.items():
        settings = {one.name for one in fields(part) if not _is_part(part, one.name)}  # type: ignore[arg-type]
        assert set(known.get(name, {})) == settings, name
    assert set(known) <= set(parts)


def _is_part(part: type[Part], name: str) -> bool:
    """A field that is a section of its own and always there: its settings are explained, not the section."""
    kinds = list(explaining._kinds(explaining.get_type_hints(part)[name]))
    optional = {"Site": {"webapp", "ui", "mongodb", "rabbitmq", "kubernetes", "node", "users", "product_sources"},
                "Workloads": {"preprocessor"}, "Timings": {"health_at_once"},
                "Logs": {"patterns", "allow"}}  # fmt: skip
    leaf = {"SecretRef"}
    return bool(kinds) and name not in optional.get(part.__name__, set()) and kinds[0].__name__ not in leaf


def test_check_names_what_does_not_answer_and_asks_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = site_content(free_port(), tmp_path) | {"capabilities": ["mongodb"]}
    path = tmp_path / "site.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert run("check", str(path)) == 1
    assert "differs mongodb" in capsys.readouterr().out
    assert run("check", "--offline", str(path)) == 0
