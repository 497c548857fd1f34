"""Plain requests to the Focus Server, and what every answer of it must be."""

from functools import cache
from typing import Any, Literal

from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.words import JsonObject
from focus_core.contract import answers, seen
from focus_core.run import job_keeper, other_clients, report
from focus_core.run.session import client
from focus_core.server import leaks, raw_http
from focus_core.server.client import Exchange, FocusClient
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.site import secrets
from robot.api import SkipExecution
from robot.api.deco import keyword
from robot.libraries.BuiltIn import BuiltIn

# The alias of the session for raw requests.
_RAW_SESSION = "focus"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
_NOT_ALLOWED = 405
_FIRST_ERROR, _FIRST_SERVER_ERROR = 400, 500

Who = Literal["another user", "viewer", "nobody"]


class ServerRequests:
    """Requests of any kind to the Focus Server, and the checks that fit every answer."""

    @keyword(tags=("Server",), types={"method": str, "path": str, "headers": JsonObject})
    def ask_focus_server(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> Exchange:
        """Sends one request and returns the exchange: ``status``, ``headers``, ``body``, ``seconds``, ``content_type``.

        ``path`` follows the Focus Server's prefix; ``body`` is sent as JSON, a text as it is.

        | ${answer} =    Ask Focus Server    GET    /channels
        """
        return _send(client(), method, path, body, headers)

    @keyword(tags=("Server",))
    def ask_focus_server_as(self, who: Who, method: str, path: str, body: Any = None) -> Exchange:
        """Sends one request as another client: ``another user`` has the role of this lane's user, ``viewer`` the role
        that only reads, each with a login of its own; ``nobody`` asks without a login on the plain port inside the
        site.

        Skips the test where the site has no such user or no plain port.

        | ${answer} =    Ask Focus Server As    another user    DELETE    /job/${view.job_id}
        | ${answer} =    Ask Focus Server As    viewer    GET    /channels
        """
        return _send(_client_of(who), method, path, body, None)

    @keyword(tags=("Server",))
    def ask_for_raw_path(self, method: str, path: str) -> Exchange:
        """Sends one request whose path is not tidied up by any client: dots, encodings and bytes stay as they are.

        | ${answer} =    Ask For Raw Path    GET    /metadata/../../etc/passwd
        """
        site = site_data.site()
        answer = raw_http.send(
            site.focus.url,
            method,
            path,
            headers=client().authorization(),
            ca_file=str(site.tls.ca_file) if site.tls.ca_file else None,
            timeout=site.focus.timeout,
            proxy=site.proxy,
        )
        seen.of_process().answer(answer.as_answer())
        report.log_exchange(answer)
        return answer

    @keyword(tags=("Server", "Assertion"))
    def answer_should_be(self, answer: Exchange, status: int, content_type: str = "application/json") -> None:
        """Checks status and content type of an answer, and the exact shape that its operation has for the status.

        | Answer Should Be    ${answer}    200
        """
        check_answer(answer, status, f"{answer.method} {answer.as_answer().path}")
        if answer.content_type != content_type:
            raise AssertionError(f"{answer} has content type '{answer.content_type}' instead of '{content_type}'.")

    @keyword(tags=("Server", "Assertion"))
    def answer_should_be_a_clean_refusal(self, answer: Exchange) -> None:
        """Whatever was sent, the server refuses it as the client's mistake, in the common shape, and shows nothing of
        its own: no 5xx, no success, no stack trace, file, address or secret.

        | Answer Should Be A Clean Refusal    ${answer}
        """
        if not _FIRST_ERROR <= answer.status < _FIRST_SERVER_ERROR:
            raise AssertionError(f"{answer} should have been refused as a mistake of the client: {answer.body[:300]}")
        fail_with(
            f"{answer} is no clean refusal", [*map(str, answers.problems(answer.as_answer())), *leaks.problems(answer)]
        )

    @keyword(tags=("Server", "Assertion"))
    def answer_should_show_nothing_internal(self, answer: Exchange) -> None:
        """Neither body nor headers show a stack trace, a file or an address of the server, a version of its software,
        or a secret of the site; whatever the status is.

        | Answer Should Show Nothing Internal    ${answer}
        """
        problems = [*leaks.problems_at_any_status(answer), *leaks.header_problems(answer)]
        fail_with(f"{answer} shows what it should not", problems)

    @keyword(tags=("Server", "Assertion"))
    def answer_should_not_repeat(self, answer: Exchange, text: str) -> None:
        """Neither body nor headers hold a text that the request brought.

        | Answer Should Not Repeat    ${answer}    <script>
        """
        fail_with(f"{answer} brings back what was sent", leaks.echo_problems(answer, text))

    @keyword(tags=("Server", "Assertion"))
    def answer_should_not_repeat_path(self, answer: Exchange, path: str) -> None:
        """Neither body nor headers hold what stood in the path behind its first part: all of it, or a part between
        slashes, as it was sent or decoded.

        | Answer Should Not Repeat Path    ${answer}    /metadata/<script>
        """
        fail_with(f"{answer} brings back what was sent", leaks.echo_problems(answer, *leaks.texts_of_path(path)))

    @keyword(tags=("Server", "Assertion"))
    def other_methods_should_not_be_allowed(self, path: str, *allowed: str) -> None:
        """Asks with every other method than those ``allowed``: each is answered 405 with what is allowed.

        | Other Methods Should Not Be Allowed    /channels    GET
        """
        unknown = [method for method in allowed if method not in _METHODS]
        if unknown or not allowed:
            raise BenchError(f"Methods are {', '.join(_METHODS)}, not {', '.join(unknown) or 'none'}.")
        for method in _METHODS:
            if method not in allowed:
                check_answer(client().send(method, path), _NOT_ALLOWED, f"{method} {path}")

    @keyword(tags=("Server",))
    def open_raw_session(self) -> str:
        """Opens a session of RequestsLibrary as this lane's user and returns its alias, for raw requests.

        The token is handed over here, so that it never becomes a variable of a test.

        | ${session} =    Open Raw Session
        """
        site = site_data.site()
        requests_library: Any = BuiltIn().get_library_instance("RequestsLibrary")
        session = requests_library.create_session(
            _RAW_SESSION,
            site.focus.url,
            headers=client().authorization(),
            timeout=site.focus.timeout,
            verify=site.tls.verify,
        )
        # A CA bundle or a proxy named by the environment would take the place of the site's.
        session.trust_env = False
        session.proxies = {"http": site.proxy, "https": site.proxy} if site.proxy else {}
        session.hooks["response"] += [_note_leaks, _note_contract]
        return _RAW_SESSION

    @keyword(tags=("Server",))
    def remove_job_of_answer_at_end(self, body: str) -> None:
        """Registers the job that a raw answer to POST /configure names, if any, for removal at the end of the test.

        | Remove Job Of Answer At End    ${answer.text}
        """
        client().adopt_job(body)


def _note_leaks(answer: Any, **_: Any) -> None:
    where = f"The answer to {answer.request.method} {answer.url} (answered {answer.status_code})"
    secrets.note_leaks(where, f"{answer.headers}\n{answer.text}")


def _note_contract(answer: Any, **_: Any) -> None:
    asked = answer.request.body or b""
    text = asked.decode(errors="replace") if isinstance(asked, bytes) else str(asked)
    url, seconds = answer.request.url, answer.elapsed.total_seconds()
    exchange = Exchange(answer.request.method, url, text, answer.status_code, answer.headers, answer.text, seconds)
    seen.of_process().answer(exchange.as_answer())


def _send(asking: FocusClient, method: str, path: str, body: Any, headers: dict[str, str] | None) -> Exchange:
    if isinstance(body, str):
        return asking.send(method, path, text=body, headers=headers)
    return asking.send(method, path, body, headers=headers)


def _client_of(who: Who) -> FocusClient:
    if who == "nobody":
        return _nobody(site_data.site_name())
    user = other_clients.viewer() if who == "viewer" else other_clients.other_user()
    if user is None:
        kind = "user of the role viewer" if who == "viewer" else "second user with the role of this lane's user"
        raise SkipExecution(f"Site {site_data.site().name} has no {kind}.")
    return other_clients.client_of(user)


@cache
def _nobody(site_name: str) -> FocusClient:  # noqa: ARG001 - one client for each site that a process uses
    site = site_data.site()
    if site.focus.plain_url is None:
        raise SkipExecution(f"Site {site.name} has no plain port by design.")
    return FocusClient(
        site.focus.plain_url,
        timeout=site.focus.timeout,
        record=report.log_exchange,
        jobs=job_keeper.of_site(site, site_data.lane_user()),
        proxy=site.proxy,
    )
