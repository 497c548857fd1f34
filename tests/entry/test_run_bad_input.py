"""Wrong input of a run: one sentence with cause and repair, exit code 252, before any lane starts."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from support.checkout import Checkout, Ended, OwnSite

SiteFile = Callable[..., Path]


def refused(ended: Ended) -> str:
    assert ended.code == 252
    assert "Traceback" not in ended.err
    assert ended.sentence.startswith("run.py: ")
    return ended.sentence


def test_an_unknown_site_is_refused_with_the_known_ones(here: Checkout) -> None:
    sentence = refused(here.run("smoke", "--site", "nosuch"))
    assert "There is no site 'nosuch'" in sentence
    assert "simulated" in sentence


@pytest.mark.nightly
def test_the_environments_site_is_refused_the_same_way(here: Checkout) -> None:
    assert "'nosuch'" in refused(here.run("smoke", env={"FOCUS_SITE": "nosuch"}))


def test_a_second_site_by_variable_is_refused(here: Checkout) -> None:
    sentence = refused(here.run("smoke", "--variable", "SITE:staging"))
    assert "Two sites are chosen: 'staging' by --variable SITE and 'simulated' by --site" in sentence


@pytest.mark.nightly
def test_a_wrong_value_is_named_with_file_key_and_what_is_allowed(here: Checkout, site_file: SiteFile) -> None:
    path = site_file(simulated="perhaps")
    sentence = refused(here.run("smoke", "--site", str(path)))
    assert str(path) in sentence
    assert "'simulated' is 'perhaps'" in sentence
    assert "allowed" in sentence


def test_an_unknown_key_is_named(here: Checkout, site_file: SiteFile) -> None:
    assert "'colour'" in refused(here.run("smoke", "--site", str(site_file(colour="blue"))))


@pytest.mark.nightly
def test_a_file_that_is_not_yaml_is_named(here: Checkout, tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("focus: {url: [")
    assert str(path) in refused(here.run("smoke", "--site", str(path)))


def test_a_missing_secret_is_named(here: Checkout, site_file: SiteFile) -> None:
    rabbitmq = {
        "host": "127.0.0.1",
        "port": 9,
        "management_url": "http://127.0.0.1:9",
        "vhost": "/",
        "exchange": "prisma",
        "username": "p",
        "password": {"env": "NO_SUCH_SECRET"},
    }
    sentence = refused(here.run("smoke", "--site", str(site_file(rabbitmq=rabbitmq))))
    assert "NO_SUCH_SECRET" in sentence


by_night = partial(pytest.param, marks=pytest.mark.nightly)


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["suites", "--include", "nosuch"], "nosuch"),
        by_night(["suites", "--include", "PZ-NEW-ORDER"], "lower case"),
        by_night(["suites", "suites/nosuch.robot"], "does not exist"),
        by_night(["smoke", "--processes", "x"], "--processes"),
        by_night(["try", "suites/nosuch.robot"], "There is no suite"),
        (["try", "--outputdir", "suites", "suites/nosuch.robot"], "leave --outputdir out"),
        by_night(["suites", "-v", "suites/sandbox"], "takes NAME:VALUE, not 'suites/sandbox'"),
        (["smoke", "--processes", "0"], "--processes is 0: give 1 or more"),
        by_night(["smoke", "--site"], "--site needs a value"),
        by_night(["test", "--everything"], "--all"),
    ],
)
def test_wrong_options_are_refused(here: Checkout, args: list[str], sentence: str) -> None:
    assert sentence in refused(here.run(*args))


@pytest.mark.nightly
def test_doctor_is_content_with_a_machine_that_has_everything(here: Checkout, own_site: OwnSite) -> None:
    ended = here.run("doctor", "--site", str(own_site.file))
    assert ended.code == 0, ended.out
    assert "nothing needed is missing" in ended.out
    for name in ("Python", "environment", "kubectl", "loopback", "site file"):
        assert f"ok      {name}" in ended.out
    assert "not up" in ended.out


def test_doctor_reports_a_wrong_site_and_fails(here: Checkout) -> None:
    ended = here.run("doctor", "--site", "nosuch")
    assert ended.code == 1
    assert "MISSING site file" in ended.out


def test_doctor_finds_nobody_at_the_addresses_of_a_dead_site(here: Checkout, site_file: SiteFile) -> None:
    ended = here.run("doctor", "--site", str(site_file()))
    assert ended.code == 1
    assert "MISSING Focus Server" in ended.out
    assert "-> " in ended.out
