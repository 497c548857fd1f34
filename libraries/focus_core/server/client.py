"""The one typed client of the Focus Server's REST API.

Calls are made once, without retries: a test must see the first answer. Every exchange is recorded whole, and compared
with the contract of record (``contract.seen``). Statuses are returned, not judged; only a server that does not answer
at all raises ``BenchError``.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

from focus_core.base import run_identity
from focus_core.base.errors import BenchError
from focus_core.base.http_session import HttpSession, NoAnswerError
from focus_core.contract import seen
from focus_core.contract.answers import Answer, service_of
from focus_core.site import secrets

# A hostile URL of thousands of characters would hide the failure that names it.
_LONGEST_URL = 200


@dataclass(frozen=True)
class Exchange:
    """A request and its answer; credentials are never kept.

    - ``method``: GET, POST, ...
    - ``url``: where it was sent
    - ``request_body``: the text that was sent
    - ``status``: of the answer, as 200
    - ``headers``: of the answer, by name in upper or lower case
    - ``body``: of the answer, a text
    - ``seconds``: from the request to the end of the answer
    - ``content_type``: the media type without parameters, as application/json
    - ``request_headers``: those that were sent, credentials blanked
    """

    method: str
    url: str
    request_body: str
    status: int
    headers: Mapping[str, str]
    body: str
    seconds: float
    request_headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        """The media type without parameters, e.g. ``application/json``."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def as_answer(self) -> Answer:
        """The answer as the contract of record is compared with it."""
        service = service_of(self.url)
        return Answer(service, self.method, self.url, self.status, self.headers, self.body, self.request_body)

    def json(self) -> Any:
        """The parsed body. Raises ``AssertionError`` when the answer is not JSON."""
        if self.content_type != "application/json":
            raise AssertionError(f"{self} has content type '{self.content_type}' instead of application/json.")
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise AssertionError(f"{self} has a body that is not JSON ({error}): {self.body[:200]!r}.") from None

    def __str__(self) -> str:
        url = self.url if len(self.url) <= _LONGEST_URL else f"{self.url[:_LONGEST_URL]}..."
        return f"{self.method} {url} (answered {self.status})"


class Jobs(Protocol):
    """Who follows the jobs of a client from their beginning to their end."""

    def opened(self, job_id: str, remove: Callable[[], None]) -> None:
        """A job exists from now on; ``remove`` removes it."""

    def removed(self, job_id: str) -> None:
        """A job is gone."""

    def living(self) -> list[str]:
        """The jobs that are not gone."""


class FocusClient:
    """The Focus Server as one client.

    ``token`` gives the bearer token for each call, ``None`` sends no Authorization header. ``verify`` is True or the
    path of a CA file. ``record`` is called with every exchange; ``jobs`` follows this client's jobs; ``end_job`` ends a
    job by its id where the server itself cannot; ``liveness_check`` and ``proxy`` are those of the ``HttpSession``.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float,
        verify: bool | str = True,
        token: Callable[[], str] | None = None,
        record: Callable[[Exchange], None] | None = None,
        jobs: Jobs | None = None,
        end_job: Callable[[str], None] | None = None,
        liveness_check: Callable[[], object] | None = None,
        proxy: str | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._record = record
        self._jobs = jobs
        self._end_job = end_job
        self._session = HttpSession(
            self.url, timeout=timeout, verify=verify, liveness_check=liveness_check, proxy=proxy
        )
        self._user_agent = f"focus-acceptance (run {run_identity.run_id()})"

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        text: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """One call; ``path`` follows the Focus Server's prefix and begins with a slash.

        ``body`` is sent as JSON; ``text`` is sent as it is, for bodies that are not JSON.
        """
        payload = text if text is not None else "" if body is None else json.dumps(body)
        sent_headers = {"User-Agent": self._user_agent, "Accept": "application/json"}
        sent_headers |= {**self.authorization(), **(headers or {})}
        if payload:
            sent_headers.setdefault("Content-Type", "application/json")
        url = f"{self.url}{path}"
        begun = time.monotonic()
        try:
            answer = self._session.send(method, path, body=payload.encode() or None, headers=sent_headers)
        except NoAnswerError as error:
            raise BenchError(
                f"The Focus Server does not answer {method} {url} after "
                f"{time.monotonic() - begun:.1f} s ({error}); check its pod and the site's focus.url."
            ) from None
        exchange = Exchange(
            method, url, payload, answer.status, answer.headers, answer.text, answer.seconds, _shown(sent_headers)
        )
        secrets.note_leaks(f"The answer to {exchange}", f"{answer.headers}\n{exchange.body}")
        if path == "/configure":
            # A job that came of it is known before anything looks at the answer.
            self.adopt_job(exchange.body)
        seen.of_process().answer(exchange.as_answer())
        if self._record:
            self._record(exchange)
        return exchange

    def authorization(self) -> dict[str, str]:
        """The header that names this client, empty on a site without authentication."""
        return {"Authorization": f"Bearer {self._token()}"} if self._token else {}

    def configure(self, body: object = None, *, text: str | None = None) -> Exchange:
        """POST /configure."""
        return self.send("POST", "/configure", body, text=text)

    def adopt_job(self, answer_body: str) -> str:
        """Makes the job of an answer to /configure one of this client's. Returns its id, empty when there is none."""
        try:
            job_id = json.loads(answer_body).get("job_id")
        except (ValueError, AttributeError):
            return ""
        if not isinstance(job_id, str) or not job_id:
            return ""
        if self._jobs:
            self._jobs.opened(job_id, lambda: self.remove_job(job_id))
        return job_id

    def own_jobs(self) -> list[str]:
        """The ids of the jobs that this client started and that nobody has removed, oldest first."""
        return self._jobs.living() if self._jobs else []

    def delete_job(self, job_id: str) -> Exchange:
        """DELETE /job/{id}; after an answer of 200 or 204 the job is gone."""
        exchange = self.send("DELETE", f"/job/{job_id}")
        if exchange.status in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
            self._removed(job_id)
        return exchange

    def metadata(self, job_id: str) -> Exchange:
        """GET /metadata/{id}."""
        return self.send("GET", f"/metadata/{job_id}")

    def job_status(self, job_id: str) -> Exchange:
        """GET /ack/{id}."""
        return self.send("GET", f"/ack/{job_id}")

    def waterfall(self, job_id: str, rows: int) -> Exchange:
        """GET /waterfall/{id}/{rows}."""
        return self.send("GET", f"/waterfall/{job_id}/{rows}")

    def recordings(self, start: int, end: int) -> Exchange:
        """POST /recordings_in_time_range; epoch seconds."""
        return self.send("POST", "/recordings_in_time_range", {"start_time": start, "end_time": end})

    def remove_job(self, job_id: str) -> None:
        """Removes a job that a test left; one that is already gone is fine. Raises ``BenchError`` when it stays."""
        answer = self.send("DELETE", f"/job/{job_id}")
        if answer.status == HTTPStatus.NOT_FOUND:
            # Some servers remove no job at all (PZ-13670); what stays would use up this client's windows.
            # A server that cannot be asked for the state of a job either does not report that it is gone.
            if self._end_job:
                state = self.job_status(job_id)
                if state.status == HTTPStatus.OK or '"error"' not in state.body:
                    self._end_job(job_id)
        elif answer.status not in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
            raise BenchError(f"DELETE /job/{job_id} answered {answer.status}, and the job is still there")
        self._removed(job_id)

    def _removed(self, job_id: str) -> None:
        if self._jobs:
            self._jobs.removed(job_id)


def _shown(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a request with its credentials blanked."""
    return {
        name: f"{value.partition(' ')[0]} {secrets.BLANK}" if name.lower() == "authorization" else value
        for name, value in headers.items()
    }
