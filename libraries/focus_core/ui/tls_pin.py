"""The pin by which a browser trusts the page's door, and no other: the key of a certificate that was verified here.

A browser under test takes no certificate authority. So the door's chain, dates and name are verified with the site's
trust anchor, and the browser accepts that certificate's key only.
"""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
from urllib.parse import urlsplit

from focus_core.base.errors import BenchError

_TIMEOUT_S = 10.0


def pin(url: str, ca_file: str | None) -> str:
    """The base64 of the SHA-256 of the key (SubjectPublicKeyInfo) of the verified certificate of ``url``'s host.

    Raises ``BenchError`` when the certificate is not good or nothing answers there.
    """
    # Slow to load, and only a suite that opens a browser needs it.
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = x509.load_der_x509_certificate(_certificate(url, ca_file)).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()


def _certificate(url: str, ca_file: str | None) -> bytes:
    address = urlsplit(url)
    host, port = address.hostname or "", address.port or 443
    context = ssl.create_default_context(cafile=ca_file)
    try:
        with (
            socket.create_connection((host, port), _TIMEOUT_S) as plain,
            context.wrap_socket(plain, server_hostname=host) as wrapped,
        ):
            found = wrapped.getpeercert(binary_form=True)
    except ssl.SSLCertVerificationError as error:
        raise BenchError(
            f"The certificate of the page at {host}:{port} is not good ({error.verify_message.rstrip('.')}); correct "
            "tls.ca_file or ui.url of the site file, or renew the certificate."
        ) from None
    except OSError as error:
        raise BenchError(
            f"The page at {host}:{port} does not answer ({error}); check that it runs and ui.url of the site file."
        ) from None
    if not found:
        raise BenchError(f"The page at {host}:{port} shows no certificate; correct ui.url of the site file.")
    return found
