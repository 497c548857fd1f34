"""How the browser of the tests is started: which program, and with which arguments.

It reaches the site's hosts only: a full browser would ask its maker's servers for updates and accounts.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from focus_core.site.model import Site
from focus_core.ui import browser_files, tls_pin
from focus_core.ui.browser_files import BrowserFile

# Fields of dates are written in the language of the browser, whatever that of the machine is.
LANGUAGE = "en-US"
LOOPBACK = "127.0.0.1"
_NO_SANDBOX = "No usable sandbox"


@dataclass(frozen=True)
class Launch:
    """What starts the browser: the program, its arguments, whether it keeps its sandbox, a warning or an empty text."""

    browser: BrowserFile
    arguments: tuple[str, ...]
    sandbox: bool
    warning: str = ""

    def of_browser_library(self) -> dict[str, Any]:
        """The named arguments of `New Browser`."""
        return {
            "args": list(self.arguments),
            "chromiumSandbox": self.sandbox,
            "executablePath": str(self.browser.program),
        }


def of_site(site: Site) -> Launch:
    """How the browser is started for the page of ``site``.

    Raises ``BenchError`` where there is no browser, or the certificate of the page is not good.
    """
    browser = browser_files.require()
    arguments = [f"--host-resolver-rules={resolver_rules(site)}", "--disable-gpu", f"--lang={LANGUAGE}"]
    if urlsplit(site.ui.url).scheme == "https":
        ca_file = str(site.tls.ca_file) if site.tls.ca_file else None
        arguments.append(f"--ignore-certificate-errors-spki-list={tls_pin.pin(site.ui.url, ca_file)}")
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    sandbox = not as_root and _has_sandbox(browser.program)
    warning = "" if sandbox or as_root else "The browser has no sandbox on this machine: it runs without one."
    return Launch(browser, tuple(arguments), sandbox, warning)


def resolver_rules(site: Site) -> str:
    """Chromium's rules by which only the site's own hosts are found."""
    hosts = sorted({LOOPBACK, urlsplit(site.ui.url).hostname or LOOPBACK})
    return ", ".join(["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in hosts)])


@cache
def _has_sandbox(program: Path) -> bool:
    """Whether the browser starts with its sandbox, which containers and some kernels refuse it."""
    done = subprocess.run(
        [program, "--headless", "--dump-dom", "about:blank"], capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode == 0 and _NO_SANDBOX not in done.stderr
