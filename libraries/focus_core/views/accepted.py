"""Asks for views that the server has to accept, checks the whole answer, and removes them again."""

from focus_core.base.failures import fail_with
from focus_core.run.session import OK, client
from focus_core.server.client import Exchange
from focus_core.server.status_checks import check_answer, check_status
from focus_core.views.opening import problems_of_view
from focus_core.views.view import View, ViewRequest, read_answer


def expect_accepted(what: str, request: ViewRequest, *, text: str | None = None) -> View:
    """Opens a view, with ``text`` as the body where the request is written in an unusual way, and removes it again.

    Raises ``AssertionError`` when the server does not accept it, or when a value of its answer does not follow from
    ``request``.
    """
    exchange = client().configure(request.body() if text is None else None, text=text)
    return check_accepted(what, request, exchange)


def check_accepted(what: str, request: ViewRequest, exchange: Exchange) -> View:
    """Checks an answer that has to open the view of ``request``, and removes the view."""
    check_status(exchange, OK, what)
    view = View(request, read_answer(exchange.json()), exchange)
    problems = problems_of_view(view)
    client().remove_job(view.job_id)
    fail_with(f"{what} (job {view.job_id}) was not answered as asked", problems)
    check_answer(exchange, OK, what)
    return view
