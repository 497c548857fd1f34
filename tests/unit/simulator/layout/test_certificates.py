"""The site's certificate authority and what it issues, as files."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509

from simulator.layout import certificates


def load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def names_in(certificate: x509.Certificate) -> list[str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(one.value) for one in names]


def test_a_certificate_names_this_machine_and_is_signed_by_the_authority(tmp_path: Path) -> None:
    certificate, _ = certificates.issue(tmp_path, "ingress")
    made, authority = load(certificate), load(certificates.ca_file(tmp_path))
    made.verify_directly_issued_by(authority)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert ip_address("127.0.0.1") in names.get_values_for_type(x509.IPAddress)
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert made.not_valid_after_utc - datetime.now(UTC) > timedelta(days=365)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes, and no simulated site")
def test_only_the_owner_reads_keys(tmp_path: Path) -> None:
    certificates.issue(tmp_path, "ingress")
    certificates.issue_expired(tmp_path, "ingress")
    certificates.issue_for_another_host(tmp_path, "ingress")
    for name in ("ca.key", "ingress.key", "ingress-expired.pem", "ingress-other-host.pem"):
        assert (tmp_path / "secrets" / name).stat().st_mode & 0o777 == 0o600


def test_what_was_issued_is_kept(tmp_path: Path) -> None:
    before = [path.read_bytes() for path in (*certificates.issue(tmp_path, "a"), certificates.ca_file(tmp_path))]
    after = [path.read_bytes() for path in (*certificates.issue(tmp_path, "a"), certificates.ca_file(tmp_path))]
    assert before == after


def test_an_expired_certificate_is_wrong_in_its_time_only(tmp_path: Path) -> None:
    made, good = load(certificates.issue_expired(tmp_path, "a")), load(certificates.issue(tmp_path, "a")[0])
    assert timedelta(0) < datetime.now(UTC) - made.not_valid_after_utc < timedelta(hours=2)
    assert names_in(made) == names_in(good)
    made.verify_directly_issued_by(load(certificates.ca_file(tmp_path)))


def test_a_certificate_of_another_host_is_wrong_in_its_names_only(tmp_path: Path) -> None:
    made = load(certificates.issue_for_another_host(tmp_path, "a"))
    assert names_in(made) == ["another-host.example"]
    assert made.not_valid_before_utc < datetime.now(UTC) < made.not_valid_after_utc
    made.verify_directly_issued_by(load(certificates.ca_file(tmp_path)))


@pytest.mark.parametrize("issue", [certificates.issue_expired, certificates.issue_for_another_host])
def test_a_wrong_certificate_holds_its_key(tmp_path: Path, issue: Callable[[Path, str], Path]) -> None:
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(issue(tmp_path, "a"))


@pytest.mark.parametrize("lost", ["ca.key", "ca.crt"])
def test_a_new_authority_issues_anew(tmp_path: Path, lost: str) -> None:
    old = load(certificates.issue(tmp_path, "a")[0])
    (tmp_path / "secrets" / lost).unlink()
    certificate, key = certificates.issue(tmp_path, "a")
    assert load(certificate).serial_number != old.serial_number
    load(certificate).verify_directly_issued_by(load(certificates.ca_file(tmp_path)))
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)


@pytest.mark.parametrize("name", ["a.crt", "ca.crt"])
def test_a_file_cut_off_by_a_kill_is_made_anew(tmp_path: Path, name: str) -> None:
    certificates.issue(tmp_path, "a")
    (tmp_path / "secrets" / name).write_text("-----BEGIN CERT")
    certificate, key = certificates.issue(tmp_path, "a")
    load(certificate).verify_directly_issued_by(load(certificates.ca_file(tmp_path)))
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
