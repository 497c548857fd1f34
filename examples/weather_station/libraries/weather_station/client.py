"""The REST API of the service."""

import json
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.http_session import HttpSession, NoAnswerError

from weather_station.settings import Site


class Client:
    """Calls to one site; each carries an id by which the monitor tells which test it belongs to."""

    def __init__(self, site: Site) -> None:
        self._url = site.service.url
        self._session = HttpSession(
            site.service.url, timeout=site.service.timeout, verify=site.tls.verify, proxy=site.proxy
        )

    def get(self, path: str, status: int = 200) -> Any:
        """The JSON of an answer."""
        return self.send("GET", path, status=status)

    def send(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The JSON of an answer. Raises ``AssertionError`` for another status, ``BenchError`` where nothing answers."""
        content = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json"} | ({"Content-Type": "application/json"} if content else {})
        try:
            answer = self._session.send(method, path, body=content, headers=headers)
        except NoAnswerError as error:
            raise BenchError(
                f"The service does not answer {method} {self._url}{path} ({error}); check service.url of the site file."
            ) from None
        if answer.status != status:
            raise AssertionError(f"{method} {path} answered {answer.status} instead of {status}: {answer.text[:200]}")
        return answer.body
