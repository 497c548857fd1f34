"""Checks the metadata of views."""

from focus_core import focus_answers
from focus_core.focus_answers import View
from focus_core.session import OK, client
from focus_core.verdicts import check_status, fail_with
from robot.api.deco import keyword, library


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class MetadataLibrary:
    """What ``GET /metadata/{id}`` tells about an open view."""

    @keyword(tags=("View", "Assertion"))
    def metadata_should_match_the_view(self, view: View) -> None:
        """Checks that the metadata of the view repeat its answer and what was asked for, readable at once."""
        answer = client().metadata(view.job_id)
        check_status(answer, OK, f"Reading the metadata of the {view}")
        problems = focus_answers.problems_of_metadata(view.request, answer.json(), view.answer.raw)
        fail_with(f"The metadata of the {view} are wrong", problems)
