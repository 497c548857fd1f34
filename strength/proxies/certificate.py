"""Certificate of the proxies, signed by a CA of their own that a worker's site file trusts beside the site's."""

from __future__ import annotations

import ssl
from pathlib import Path

from trustme import CA


def server_context(folder: Path, trusted: Path | None) -> tuple[ssl.SSLContext, Path]:
    """The server context of the proxies, and the CA bundle that their clients verify it with.

    `trusted` is the site's own CA bundle: connections past the proxy go on verifying the site.
    """
    authority = CA(path_length=0, organization_name="Proxies of strength", organization_unit_name="CA")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    site = trusted.read_bytes().rstrip() + b"\n" if trusted else b""
    bundle = folder / "trusted.pem"
    bundle.write_bytes(site + authority.cert_pem.bytes())
    return context, bundle
