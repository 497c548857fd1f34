"""The site's own certificate authority and the certificates it issues for the site's servers.

All of it stands in ``<state>/secrets``: keys are files of mode 0600. The authority is made once per state directory, so
that a site that starts again is still trusted by its clients.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from trustme import CA, LeafCert

from simulator.layout.state import StateDir, write_atomically

_DAYS = 825  # what strict clients take at most for a server's certificate
_RENEW_DAYS = 30
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_ORGANIZATION = "Simulated Focus site"


def ca_file(state_dir: Path) -> Path:
    """Return the authority's certificate (PEM); it is made, with its key beside it, when it is missing or runs out."""
    certificate, key_file = _files(state_dir, "ca")
    if not (_is_good(certificate) and key_file.exists()):
        made = CA(path_length=0, organization_name=_ORGANIZATION, organization_unit_name="CA")
        write_atomically(key_file, made.private_key_pem.bytes().decode())
        write_atomically(certificate, made.cert_pem.bytes().decode())
    return certificate


def issue(state_dir: Path, name: str) -> tuple[Path, Path]:
    """Return (certificate, key) of a server on this machine, signed by the site's authority.

    The certificate is good for 127.0.0.1, ::1 and localhost. What was issued before is kept while the authority that
    signed it is still the site's and it does not run out.
    """
    authority = x509.load_pem_x509_certificate(ca_file(state_dir).read_bytes())
    certificate, key_file = _files(state_dir, name)
    if not (key_file.exists() and _is_good(certificate) and _is_signed_by(certificate, authority)):
        made = _signed(state_dir, name)
        write_atomically(key_file, made.private_key_pem.bytes().decode())
        write_atomically(certificate, made.cert_chain_pems[0].bytes().decode())
    return certificate, key_file


def issue_expired(state_dir: Path, name: str) -> Path:
    """Return one file with key and certificate of a server on this machine; the certificate ran out an hour ago."""
    made = _signed(state_dir, name, end=datetime.now(UTC) - timedelta(hours=1))
    return _with_key(state_dir, f"{name}-expired", made)


def issue_for_another_host(state_dir: Path, name: str) -> Path:
    """Return one file with key and certificate of a server; the certificate names another host."""
    return _with_key(state_dir, f"{name}-other-host", _signed(state_dir, name, hosts=("another-host.example",)))


def _with_key(state_dir: Path, name: str, made: LeafCert) -> Path:
    file = StateDir(state_dir).secrets / f"{name}.pem"
    write_atomically(file, made.private_key_and_cert_chain_pem.bytes().decode())
    return file


def _signed(
    state_dir: Path, name: str, *, hosts: tuple[str, ...] = _THIS_MACHINE, end: datetime | None = None
) -> LeafCert:
    certificate, key_file = ca_file(state_dir), _files(state_dir, "ca")[1]
    authority = CA.from_pem(certificate.read_bytes(), key_file.read_bytes())
    end = end or datetime.now(UTC) + timedelta(days=_DAYS)
    begin = end - timedelta(days=_DAYS, minutes=5)  # some minutes before now: clocks differ
    return authority.issue_cert(
        *hosts,
        common_name=name,
        organization_name=_ORGANIZATION,
        organization_unit_name="server",
        not_before=begin,
        not_after=end,
    )


def _files(state_dir: Path, name: str) -> tuple[Path, Path]:
    folder = StateDir(state_dir).secrets
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{name}.crt", folder / f"{name}.key"


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
