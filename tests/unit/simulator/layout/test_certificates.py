"""The site's certificate authority and what it issues, as files."""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509

from simulator.layout import certificates


def load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


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
    for name in ("ca.key", "ingress.key"):
        assert (tmp_path / "secrets" / name).stat().st_mode & 0o777 == 0o600


def test_what_was_issued_is_kept(tmp_path: Path) -> None:
    before = [path.read_bytes() for path in (*certificates.issue(tmp_path, "a"), certificates.ca_file(tmp_path))]
    after = [path.read_bytes() for path in (*certificates.issue(tmp_path, "a"), certificates.ca_file(tmp_path))]
    assert before == after


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
