"""The way to the Focus Server: TLS, and nothing but TLS."""

import ssl
from datetime import UTC, datetime

from focus_core.server import tls
from focus_core.site import data as site_data
from robot.api import SkipExecution, logger
from robot.api.deco import keyword

_GOOD_VERSIONS = ("TLSv1.2", "TLSv1.3")
_OLD_VERSIONS = {"TLS 1.0": ssl.TLSVersion.TLSv1, "TLS 1.1": ssl.TLSVersion.TLSv1_1}
_TIMEOUT_S = 5.0


class Tls:
    """TLS of the site's ingress."""

    @keyword("TLS Should Be Valid", tags=("Connection", "Assertion"))
    def tls_should_be_valid(self) -> None:
        """Connects to the ingress of the site over TLS: 1.2 or newer, a certificate that the site's CA signed, for this
        host, and not expired. Skips where the site has no TLS by design.

        | TLS Should Be Valid
        """
        url = _tls_url()
        trusted = site_data.site().tls.ca_file
        done = tls.handshake(
            url, ca_file=str(trusted) if trusted else None, timeout=_TIMEOUT_S, proxy=site_data.site().proxy
        )
        logger.info(f"{url} speaks {done.version}; its certificate is good until {done.good_until:%Y-%m-%d}.")
        if done.version not in _GOOD_VERSIONS:
            raise AssertionError(f"{url} speaks {done.version}; allowed is {' and '.join(_GOOD_VERSIONS)}.")
        if done.good_until <= datetime.now(UTC):
            raise AssertionError(f"The certificate of {url} ran out at {done.good_until:%Y-%m-%d %H:%M} UTC.")

    @keyword("Old TLS Should Be Refused", tags=("Connection", "Assertion"))
    def old_tls_should_be_refused(self) -> None:
        """The ingress of the site offers neither TLS 1.0 nor TLS 1.1, even when the client knows nothing else.

        | Old TLS Should Be Refused
        """
        url = _tls_url()
        accepted = [
            name
            for name, version in _OLD_VERSIONS.items()
            if tls.accepts(url, version, timeout=_TIMEOUT_S, proxy=site_data.site().proxy)
        ]
        if accepted:
            raise AssertionError(f"{url} speaks {' and '.join(accepted)}; TLS 1.2 is the oldest allowed.")

    @keyword(tags=("Connection", "Assertion"))
    def weak_ciphers_should_be_refused(self, ciphers: str) -> None:
        """Offers the ingress nothing but weak ciphers, named as OpenSSL does; it agrees to none.

        | Weak Ciphers Should Be Refused    ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA
        """
        url = _tls_url()
        agreed = tls.ciphers_agreed(url, ciphers, timeout=_TIMEOUT_S, proxy=site_data.site().proxy)
        if agreed:
            raise AssertionError(f"{url} agrees to the weak cipher {agreed}.")

    @keyword(tags=("Connection", "Assertion"))
    def plain_http_should_not_be_served(self, path: str) -> None:
        """Sends a request without TLS to the ingress of the site: it hangs up or refuses, and serves nothing.

        | Plain HTTP Should Not Be Served    /ack
        """
        answer = tls.plain_text_answer(_tls_url(), path, timeout=_TIMEOUT_S, proxy=site_data.site().proxy)
        status = answer.partition(" ")[2][:3]
        if answer.startswith("HTTP/") and not status.startswith("4"):
            raise AssertionError(f"A request for {path} without TLS was answered {status}: {answer[:200]!r}")


def _tls_url() -> str:
    url = site_data.site().focus.url
    if not url.startswith("https://"):
        raise SkipExecution(f"Site {site_data.site().name} has no TLS by design.")
    return url
