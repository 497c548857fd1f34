"""The site's own certificate authority and the certificates it issues for the site's servers.

All of it stands in ``<state>/secrets``: keys are files of mode 0600. The authority is made once per state directory, so
that a site that starts again is still trusted by whoever trusted it.
"""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simulator.layout.state import StateDir, write_atomically

_DAYS = 825  # what strict clients take at most for a server's certificate
_RENEW_DAYS = 30


def ca_file(state_dir: Path) -> Path:
    """Return the authority's certificate (PEM); it is made, with its key beside it, when it is missing or runs out."""
    certificate, key_file = _files(state_dir, "ca")
    if _is_good(certificate) and key_file.exists():
        return certificate
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Simulated Focus site CA")
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        _builder(name, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(certificate, key_file, made, key)
    return certificate


def issue(state_dir: Path, name: str) -> tuple[Path, Path]:
    """Return (certificate, key) of a server on this machine, signed by the site's authority.

    The certificate is good for 127.0.0.1, ::1 and localhost. What was issued before is kept while the authority that
    signed it is still the site's and it does not run out.
    """
    authority = x509.load_pem_x509_certificate(ca_file(state_dir).read_bytes())
    certificate, key_file = _files(state_dir, name)
    if key_file.exists() and _is_good(certificate) and _is_signed_by(certificate, authority):
        return certificate, key_file
    key = ec.generate_private_key(ec.SECP256R1())
    _write(certificate, key_file, _signed(state_dir, name, key), key)
    return certificate, key_file


def issue_expired(state_dir: Path, name: str) -> Path:
    """Return a certificate like that of ``issue``, for the same key, that ran out an hour ago."""
    return _issue_bad(state_dir, name, "expired", end=datetime.now(UTC) - timedelta(hours=1))


def issue_for_another_host(state_dir: Path, name: str) -> Path:
    """Return a certificate like that of ``issue``, for the same key, in which another host is named."""
    return _issue_bad(state_dir, name, "other-host", names=[x509.DNSName("another-host.example")])


def _issue_bad(state_dir: Path, name: str, fault: str, **options: Any) -> Path:
    _, key_file = issue(state_dir, name)
    bad = key_file.with_name(f"{name}-{fault}.crt")
    made = _signed(state_dir, name, _key_of(key_file), **options)
    write_atomically(bad, made.public_bytes(serialization.Encoding.PEM).decode())
    return bad


def _signed(
    state_dir: Path,
    name: str,
    key: ec.EllipticCurvePrivateKey,
    names: list[x509.GeneralName] | None = None,
    end: datetime | None = None,
) -> x509.Certificate:
    authority = x509.load_pem_x509_certificate(ca_file(state_dir).read_bytes())
    authority_key = _key_of(_files(state_dir, "ca")[1])
    addresses = [x509.IPAddress(ipaddress.ip_address(one)) for one in ("127.0.0.1", "::1")]
    return (
        _builder(_name(name), authority.subject, key, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names or [x509.DNSName("localhost"), *addresses]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _key_of(file: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{file} is not a key that this module writes")
    return key


def _files(state_dir: Path, name: str) -> tuple[Path, Path]:
    folder = StateDir(state_dir).secrets
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{name}.crt", folder / f"{name}.key"


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, end: datetime | None = None
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    begin = (end - timedelta(days=_DAYS)) if end else now - timedelta(minutes=5)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end or now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _is_good(certificate: Path) -> bool:
    if not certificate.exists():
        return False
    try:
        end = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    except ValueError:
        return False  # cut off by a kill or edited: made anew
    return end - datetime.now(UTC) > timedelta(days=_RENEW_DAYS)


def _is_signed_by(certificate: Path, authority: x509.Certificate) -> bool:
    try:
        x509.load_pem_x509_certificate(certificate.read_bytes()).verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _write(certificate: Path, key_file: Path, made: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_atomically(key_file, text.decode())
    write_atomically(certificate, made.public_bytes(serialization.Encoding.PEM).decode())
