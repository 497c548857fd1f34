"""Site files: every mistake is one sentence that names file, key, value and what is allowed."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from focus_core.base.errors import BenchError, SecretMissingError, SiteFileError
from focus_core.site import data as site_data
from focus_core.site import loader as site_loader
from focus_core.site import secrets, simulator_process
from focus_core.site.model import SecretRef, Site, SiteToStart, StartOptions

STAGING = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))


FIVE_LINES = """\
name: lab
focus: {url: "https://focus.lab.example/focus-server"}
tls: {ca_file: ~/lab-ca.pem}
users:
  - {username: tester, password: {env: LAB_PASSWORD}}
"""


def load(folder: Path, text: str) -> Site:
    path = folder / "lab.yaml"
    path.write_text(text, encoding="utf-8")
    site = site_loader.read(str(path))
    assert isinstance(site, Site)
    return site


def write(folder: Path, **changes: Any) -> str:
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(STAGING | changes), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("name", "disruption", "pods"), [("staging", "by_approval", 1), ("production", False, 0)])
def test_real_sites_are_valid_and_forbid_disruption_without_approval(
    name: str, disruption: bool | str, pods: int
) -> None:
    site = site_loader.read(name)
    assert isinstance(site, Site)
    assert not site.simulated
    assert site.policy.disruption == disruption
    assert site.policy.max_pods == pods
    assert site.policy.load != "full"


def test_the_simulated_site_is_one_to_start() -> None:
    assert isinstance(site_loader.read("simulated"), SiteToStart)


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"focus": {"url": "http://x/f", "auth": "basic"}}, ["key 'focus.auth' is 'basic'", "'none' or 'token'"]),
        ({"focus": {"auth": "none"}}, ["key 'focus.url' is missing"]),
        ({"colour": "red"}, ["key 'colour' is unknown", "allowed here: name, simulated"]),
        ({"node": STAGING["node"] | {"prot": 22}}, ["key 'node.prot' is unknown", "host, port, username, password"]),
        ({"policy": {"load": "some"}}, ["key 'policy.load' is 'some'", "'none', 'light' or 'full'"]),
        ({"users": []}, ["key 'users' is []"]),
        ({"capabilities": ["rest", "soap"]}, ["key 'capabilities.1", "is 'soap'", "'rest'"]),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, changes: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(SiteFileError) as failure:
        site_loader.read(write(tmp_path, **changes))
    sentence = str(failure.value)
    assert "mine.yaml" in sentence
    assert "\n" not in sentence
    for part in parts:
        assert part in sentence


def test_name_address_and_user_are_enough(tmp_path: Path) -> None:
    site = load(tmp_path, FIVE_LINES)
    assert site.capabilities == ["rest", "grpc"]
    assert (site.focus.auth, site.webapp.url) == ("token", "https://focus.lab.example/prisma/api")
    assert site.workloads.focus_server.name == STAGING["workloads"]["focus_server"]["name"]
    for section in ("limits", "defaults"):
        assert {key: as_yaml(getattr(getattr(site, section), key)) for key in STAGING[section]} == STAGING[section]
    for _ in range(2):  # the second time from the cache
        with pytest.raises(BenchError, match=r"^This site has no mongodb: .*add it, or leave out what needs it\.$"):
            load(tmp_path, FIVE_LINES).mongodb.host  # noqa: B018 - what is tested


def test_paths_count_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for _ in range(2):  # the second time from the cache
        site = load(tmp_path, FIVE_LINES.replace("~/", "").replace("{env: LAB_PASSWORD}", "{file: secret}"))
        assert site.tls.ca_file == tmp_path / "lab-ca.pem"
        assert site.users[0].password.file == tmp_path / "secret"
    (tmp_path / "start.yaml").write_text("{name: simulated, simulated: true, start: {state_dir: state}}")
    started = site_loader.read("../start.yaml")
    assert isinstance(started, SiteToStart)
    assert started.start.state_dir == tmp_path / "state"


def as_yaml(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize(
    ("section", "capability"), [("mongodb", "mongodb"), ("rabbitmq", "rabbitmq"), ("node", "ssh"), ("webapp", "webapp")]
)
def test_a_section_that_is_left_out_is_a_missing_capability(tmp_path: Path, section: str, capability: str) -> None:
    whole = {key: value for key, value in STAGING.items() if key != "capabilities"}
    without = {key: value for key, value in whole.items() if key != section}
    everything = load(tmp_path, yaml.safe_dump(whole)).capabilities
    assert sorted(everything) == sorted(STAGING["capabilities"])
    for content in (without, whole | {section: None}):
        left = load(tmp_path, yaml.safe_dump(content)).capabilities
        assert left == [name for name in everything if name != capability]


def test_sections_have_the_products_ports_and_names(tmp_path: Path) -> None:
    sections = "mongodb: {host: 10.0.0.6}\nrabbitmq: {host: 10.0.0.7, username: p, password: {env: P}}\n"
    site = load(tmp_path, FIVE_LINES + sections)
    assert (site.mongodb.port, site.mongodb.database) == (27017, "prisma")
    assert (site.rabbitmq.port, site.rabbitmq.exchange) == (5672, "prisma")
    assert site.rabbitmq.management_url == "http://10.0.0.7:15672"


def test_all_problems_are_one_answer(tmp_path: Path) -> None:
    text = "name: lab\ncolour: red\nfocus: {auth: basic}\ncapabilities: [rest, mongodb]\n"
    with pytest.raises(SiteFileError) as failure:
        load(tmp_path, text + "kubernetes: {access: kubectl_over_ssh}\n")
    for part in (
        "key 'mongodb' is missing, which the capability mongodb needs",
        "key 'node' is missing, which the access kubectl_over_ssh to the cluster needs",
        "key 'focus.url' is missing",
        "key 'focus.auth' is 'basic', allowed: 'none' or 'token'",
        "key 'users' is missing",
        "key 'colour' is unknown",
    ):
        assert part in str(failure.value)
    assert "\n" not in str(failure.value)


def test_a_password_in_clear_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SiteFileError) as failure:
        site_loader.read(write(tmp_path, node=STAGING["node"] | {"password": "hunter22"}))
    assert "hunter22" not in str(failure.value)
    assert "{env: NAME} or {file: PATH}" in str(failure.value)


def test_what_is_not_yaml_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: x\nfocus: {url: [\n", encoding="utf-8")
    with pytest.raises(SiteFileError, match=r"mine\.yaml, line \d+ is not YAML"):
        site_loader.read(str(path))


def test_an_unknown_site_lists_the_known_ones() -> None:
    with pytest.raises(SiteFileError, match=r"no site 'nosuch'; choose one of production, simulated, staging"):
        site_loader.read("nosuch")


def test_client_settings_supply_limits_and_defaults(tmp_path: Path) -> None:
    settings = tmp_path / "usersettings.mine.json"
    settings.write_text(
        '{"Constraints": {"SensorsRange": 2337, "FrequencyMax": 900, "MaxWindows": 20},'
        ' "Options": {"nfftSingleChannel": [128, 256]},'
        ' "Defaults": {"StartChannel": 11, "EndChannel": 109, "StartFrequency_hz": 0, "EndFrequency_hz": 900,'
        ' "Nfft": 256, "DisplayTimeAxisDuration": 30}}',
        encoding="utf-8",
    )
    name = write(tmp_path, settings_file=settings.name, limits={"nfft_multi": [128], "capacity": 40}, defaults=None)
    site = site_loader.read(name)
    assert isinstance(site, Site)
    assert (site.limits.highest_channel, site.limits.max_windows, site.limits.capacity) == (2337, 20, 40)
    assert (site.defaults.channels, site.defaults.duration_s) == ((11, 109), 30)


def test_client_settings_without_a_needed_key_name_it(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"Constraints": {}, "Options": {}, "Defaults": {}}', encoding="utf-8")
    with pytest.raises(SiteFileError, match=r"s\.json has no 'SensorsRange'"):
        site_loader.read(write(tmp_path, settings_file="s.json"))


def test_the_command_line_ends_with_252_after_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert site_loader.main(["nosuch"]) == 252
    assert "choose one of" in capsys.readouterr().err


def test_the_command_line_finds_a_missing_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STAGING_MONGODB_PASSWORD", raising=False)
    assert site_loader.main(["staging"]) == 252
    assert "STAGING_MONGODB_PASSWORD is not set" in capsys.readouterr().err


def test_a_secret_is_revealed_and_then_blanked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORE_TEST_SECRET", "pa$$word.one")
    assert secrets.reveal(SecretRef(env="CORE_TEST_SECRET")) == "pa$$word.one"
    path = tmp_path / "secret"
    path.write_text("pa$$word.one.longer\n", encoding="utf-8")
    path.chmod(0o600)
    assert secrets.reveal(SecretRef(file=path)) == "pa$$word.one.longer"
    assert secrets.blank("a pa$$word.one.longer b pa$$word.one c") == "a <secret> b <secret> c"


def test_a_long_secret_is_blanked_also_when_it_was_cut() -> None:
    token = "eyJ" + "abc123-_." * 30
    secrets.register(token)
    assert secrets.blank(f"{{'Authorization': 'Bearer {token[:150]}...") == "{'Authorization': 'Bearer <secret>"
    assert secrets.blank(f"'{token}', 'more'") == "'<secret>', 'more'"


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("x", encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(SecretMissingError, match=r"mode 0644; allowed is 0600"):
        secrets.reveal(SecretRef(file=path))


def test_a_missing_secret_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SecretMissingError, match="No such file"):
        secrets.reveal(SecretRef(file=tmp_path / "gone"))


def test_the_lazy_site_reads_nothing_before_its_first_attribute(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Site:
        raise AssertionError("the site was touched")

    monkeypatch.setattr(site_data, "site", fail)
    proxy = site_data.get_variables()["SITE_DATA"]
    repr(proxy)
    with pytest.raises(AttributeError):
        proxy.__iter__  # noqa: B018 - what Robot Framework asks for
    with pytest.raises(AssertionError, match="touched"):
        proxy.limits  # noqa: B018


def test_a_site_that_cannot_be_loaded_fails_with_one_sentence_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def load(name: str) -> Site:
        calls.append(name)
        raise BenchError("The site is not there.")

    monkeypatch.setattr(site_data, "_failures", {})
    monkeypatch.setattr(site_data, "_load", load)
    for _ in range(2):
        with pytest.raises(BenchError, match=r"^The site is not there\.$"):
            site_data.site()
    assert len(calls) == 1


def test_what_up_prints_last_is_the_site_file(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "print('starting'); print('/tmp/site.yaml')"
    monkeypatch.setattr(simulator_process, "up_command", lambda _: [sys.executable, "-c", program])
    assert simulator_process.up(StartOptions()) == Path("/tmp/site.yaml")


def test_an_error_of_up_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import sys; sys.exit('Port 41001 is taken; end the program that holds it.')"
    monkeypatch.setattr(simulator_process, "up_command", lambda _: [sys.executable, "-c", program])
    with pytest.raises(BenchError, match=r"did not start: Port 41001 is taken"):
        simulator_process.up(StartOptions())
