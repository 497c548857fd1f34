"""Keywords about rights: which role may do what, and whose a view is."""

from __future__ import annotations

from typing import Literal

from focus_core.access import operations, requests
from focus_core.base import waiting
from focus_core.base.failures import fail_with
from focus_core.run import other_clients, report, session
from focus_core.server import leaks
from focus_core.server.client import Exchange
from focus_core.site.data import site
from focus_core.views.view import View
from robot.api import SkipExecution
from robot.api.deco import keyword

from focus_keywords.alerts.sending import remove_at_end

_TAGS = ("Connection", "Assertion")
_OK, _FIRST_ERROR, _FORBIDDEN = 200, 400, 403
_NO_ROUTE = '{"detail":"Not Found"}'
_READ = ("/metadata/{}", "/ack/{}", "/waterfall/{}", "/waterfall/{}/1")

Reader = Literal["another user", "viewer"]


class Rights:
    """Roles and operations; views and the clients that opened them."""

    @keyword(tags=_TAGS)
    def operation_should_be_answered_by_role(
        self, operation: str, super_admin: int, admin: int, viewer: int, nobody: int
    ) -> None:
        """Asks for one operation with the login of each role, and without one; each status has to be the one given.

        Refusals (401, 403) have to be clean: JSON that shows nothing internal. What an operation creates is removed.
        The operations are named in ``focus_core/access/operations.py``. Roles that the site has no user of are left
        out; the test is skipped at its end, naming them.

        | Operation Should Be Answered By Role    send an alert    201    201    403    401
        """
        wanted = {"super admin": super_admin, "admin": admin, "viewer": viewer, operations.NOBODY: nobody}
        asked, missing = operations.named(operation), []
        problems = []
        for role, status in wanted.items():
            headers = operations.headers_of(role)
            if headers is None:
                missing.append(role)
                continue
            if asked.path == "push-to-rabbit":
                remove_at_end(asked.body["alertIds"])
            answer = asked.ask(headers)
            _remove_view(asked, role, answer)
            report.log_exchange(answer)
            problems += _problems(f"{requests.NAMES[asked.service]}: to {operation} as {role}", answer, status)
        fail_with(f"To {operation} is not answered as the roles have it", problems)
        if missing:
            roles = " and ".join(missing)
            raise SkipExecution(f"Site {site().name} has no user of the role {roles}; the others are answered rightly.")

    @keyword(tags=_TAGS)
    def view_should_be_closed_to(self, view: View, who: Reader) -> None:
        """Another client asks for metadata, state and rows of a view, and each question is refused with 403; the view
        is not closed by that.

        ``another user`` has the role of this lane's user, ``viewer`` the one that only reads. Skips where the site has
        no such user.

        | View Should Be Closed To    ${view}    another user
        """
        user = other_clients.viewer() if who == "viewer" else other_clients.other_user()
        if user is None:
            raise SkipExecution(f"Site {site().name} has no {who} for that.")
        waiting.wait_until(f"Metadata of {view}", lambda: _is_read(view.job_id), timeout=site().timings.job_running_s)
        problems = []
        for path in _READ:
            answer = other_clients.client_of(user).send("GET", path.format(view.job_id))
            what = path.format("{id}")
            # An operation that the server does not have shows nothing.
            if answer.status != _FORBIDDEN and answer.body != _NO_ROUTE:
                problems.append(f"GET {what} of another client's view was answered {answer.status} instead of 403")
        fail_with(f"{who.capitalize()} reads {view}", problems)


def _is_read(job_id: str) -> bool:
    """Whether the client that opened a view reads it: before that it is closed to everybody."""
    answer = session.client().metadata(job_id)
    if answer.status != _OK:
        raise waiting.NotYet(str(answer.status))
    return True


def _problems(what: str, answer: Exchange, wanted: int) -> list[str]:
    if answer.status != wanted:
        return [f"{what} was answered {answer.status} instead of {wanted}: {answer.body[:200]}"]
    found = leaks.problems(answer)
    if wanted >= _FIRST_ERROR and answer.content_type != "application/json":
        found.append(f"its content type is '{answer.content_type}' instead of 'application/json'")
    return [f"{what} was answered {wanted}, but {problem}" for problem in found]


def _remove_view(asked: operations.Operation, role: str, answer: Exchange) -> None:
    """A view belongs to the user who opened it, and only this one can remove it."""
    if asked.path != "/configure" or answer.status >= _FIRST_ERROR:
        return
    user = operations.user_of(role)
    client = other_clients.client_of(user) if user else session.client()
    client.adopt_job(answer.body)
