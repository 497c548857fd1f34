"""Services that are not what the site file names: nothing listens, nobody answers, something else does; for tests of
failure texts."""

from __future__ import annotations

import shutil
import socket
import socketserver
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

import yaml
from focus_core.base.errors import BenchError
from focus_core.rabbitmq.client import RabbitClient
from focus_core.run import probes
from focus_core.site import loader as site_loader
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

Service = Literal["rest", "webapp", "mongodb", "rabbitmq", "management"]
State = Literal["closed", "silent", "another protocol", "wrong password"]

# The longest that any client waits for one that does not answer, with room for a busy machine.
PATIENCE_S = 16.0


class _Banner(socketserver.BaseRequestHandler):
    """Greets as a server of another protocol does."""

    def handle(self) -> None:
        self.request.sendall(b"SSH-2.0-another\r\n")
        self.request.settimeout(1)
        try:
            self.request.recv(1024)
        except OSError:
            return


class _BannerServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@library(scope="SUITE", auto_keywords=False)
class DeadServices:
    """Asks services that cannot answer, all at the same time, and judges what is reported of them."""

    def __init__(self) -> None:
        self._folder = Path()
        self._reported: dict[tuple[str, str], Future[tuple[str, str, float]]] = {}
        self._listeners: list[Any] = []

    @keyword
    def ask_services(self, states: list[State]) -> None:
        """Asks every service in each of these states; with ``wrong password`` those of ``${SITE}``."""
        self._folder = Path(tempfile.mkdtemp(prefix="focus-dead-"))
        chosen = BuiltIn().get_variable_value("${SITE}")
        services: list[Service] = ["rest", "webapp", "mongodb", "rabbitmq", "management"]
        secret = self._folder / "secret"
        secret.touch(mode=0o600)
        secret.write_text("no-password-of-anybody", encoding="utf-8")
        pool = ThreadPoolExecutor(max_workers=len(services) * len(states))
        for state in states:
            for service in services:
                if (service, state) != ("rest", "wrong password"):
                    path, address = self._site_file(service, state, chosen)
                    self._reported[service, state] = pool.submit(_ask, service, path, address)
        pool.shutdown(wait=False)

    @keyword
    def trouble_should_be_reported(self, service: Service, state: State, expected: str) -> None:
        """Fails unless one sentence reports the service: its address, what is wrong as ``expected`` (a glob pattern),
        within the time that a client waits."""
        trouble, address, seconds = self._reported[service, state].result(timeout=4 * PATIENCE_S)
        if not fnmatchcase(trouble, expected):
            raise AssertionError(f"Reported was: {trouble}")
        if address not in trouble or "\n" in trouble or not trouble.endswith("."):
            raise AssertionError(f"This is not one sentence about {address}: {trouble}")
        if seconds > PATIENCE_S:
            raise AssertionError(f"It took {seconds:.1f} s to report: {trouble}")

    @keyword
    def stop_asking(self) -> None:
        """Closes what listened, and removes the site files."""
        for listener in self._listeners:
            listener.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _site_file(self, service: str, state: str, chosen: str | None) -> tuple[Path, str]:
        """A site file in which one service is in that state, and the address at which it is asked."""
        base = Path(chosen) if state == "wrong password" and chosen else site_loader.SITES / "staging.yaml"
        content = yaml.safe_load(base.read_text(encoding="utf-8"))
        secret = self._folder / "secret"
        if state == "wrong password":
            address = self._with_wrong_password(content, service, {"file": str(secret)})
        else:
            for place in (content["mongodb"], content["rabbitmq"], *content["users"]):
                place["password"] = {"file": str(secret)}
            address = self._at_port(content, service, self._port(state))
        content["state_dir"] = str(self._folder / f"{service}-{state}".replace(" ", "-"))
        Path(content["state_dir"]).mkdir()
        path = Path(content["state_dir"]) / "site.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path, address

    def _with_wrong_password(self, content: dict[str, Any], service: str, wrong: dict[str, str]) -> str:
        if service == "webapp":
            content["users"][0]["password"] = wrong
            return str(content["webapp"]["url"])
        place = content["mongodb" if service == "mongodb" else "rabbitmq"]
        place["password"] = wrong
        return str(place["management_url"]) if service == "management" else f"{place['host']}:{place['port']}"

    def _at_port(self, content: dict[str, Any], service: str, port: int) -> str:
        address = f"127.0.0.1:{port}"
        if service == "rest":
            content["focus"] |= {"url": f"http://{address}/focus-server", "auth": "none"}
        elif service == "webapp":
            content["webapp"]["url"] = f"http://{address}/prisma/api"
        elif service == "management":
            content["rabbitmq"]["management_url"] = f"http://{address}"
        else:
            content[service] |= {"host": "127.0.0.1", "port": port}
        return address

    def _port(self, state: str) -> int:
        if state == "another protocol":
            server = _BannerServer(("127.0.0.1", 0), _Banner)
            ThreadPoolExecutor(max_workers=1).submit(server.serve_forever, 0.05)
            server.close = server.shutdown  # type: ignore[attr-defined]
            self._listeners.append(server)
            return int(server.server_address[1])
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
        if state == "closed":
            listener.close()
        else:
            # Connections are taken by the system and never answered.
            listener.listen(16)
            self._listeners.append(listener)
        return port


def _ask(service: str, path: Path, address: str) -> tuple[str, str, float]:
    site = site_loader.load(str(path))
    begun = time.monotonic()
    if service == "management":
        try:
            RabbitClient.of_site(site).version()
            trouble = ""
        except BenchError as error:
            trouble = str(error)
    else:
        trouble = probes.check(site, service, fresh=True).trouble  # type: ignore[arg-type]
    return trouble, address, time.monotonic() - begun
