"""Keywords about the windows of a client: as many views as the site allows it."""

import re

from focus_core.base.failures import fail_with
from focus_core.run.session import client
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.views import refusals
from focus_core.views.opening import open_view
from focus_core.views.refused import small_view
from focus_core.views.view import Views
from robot.api.deco import keyword


class ClientWindows:
    """The limit of a client's views; counted on the whole site, so only for exclusive suites."""

    @keyword(tags=("Side effects",))
    def open_as_many_views_as_allowed(self) -> Views:
        """Opens small views until the client has all the windows that the site allows it, and returns them.

        | ${views} =    Open As Many Views As Allowed
        """
        return Views(open_view(small_view()) for _ in range(site_data.site().limits.max_windows))

    @keyword(tags=("Side effects", "Assertion"))
    def next_view_should_have_to_wait(self) -> None:
        """Asks for one view more than the site allows a client: 429, when to come back, and how many are allowed.

        | Next View Should Have To Wait
        """
        limit = site_data.site().limits.max_windows
        what = f"View {limit + 1} of a client that may have {limit}"
        answer = client().configure(small_view().body())
        check_answer(answer, refusals.TOO_MANY, what)
        problems = refusals.problems(answer, refusals.TOO_MANY, "window")
        wait = answer.headers.get("Retry-After", "")
        if not re.fullmatch(r"[1-9]\d{0,3}", wait):
            problems.append(f"its Retry-After is {wait!r}, expected seconds")
        if answer.json().get("allowed") != limit:
            problems.append(f"it names {answer.json().get('allowed')!r} as allowed, expected {limit}")
        if str(limit) not in refusals.reason(answer):
            problems.append(f"its reason {refusals.reason(answer)!r} does not name the {limit} open windows")
        fail_with(f"{what} was not refused as it should", problems)
