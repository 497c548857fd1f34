"""Many views and many requests."""

from focus_core.base.words import CONVERTERS, Names, returned_by
from focus_core.load.figures import Load
from focus_core.load.growth import LoadSteps
from focus_core.load.rate_steps import RateSteps
from focus_core.load.views_at_once import Burst, Ports
from focus_keywords.library import KeywordLibrary
from focus_keywords.load.alert_load import AlertLoad
from focus_keywords.load.answer_times import AnswerTimes
from focus_keywords.load.applied import AppliedLoad
from focus_keywords.load.burst_figures import BurstFigures
from focus_keywords.load.capacity import Capacity
from focus_keywords.load.growing import GrowingLoad
from focus_keywords.load.load_figures import LoadFigures
from focus_keywords.load.raised import RaisedLoad
from focus_keywords.load.repeated_requests import RepeatedRequests
from focus_keywords.load.windows import ClientWindows
from robot.api.deco import library

_TAKEN = {
    **CONVERTERS,
    **returned_by("Ask For Views At Once", Burst),
    **returned_by("Ports Should Be Apart", Ports, int),
    **returned_by("Apply Load", Load),
    **returned_by("Raise Number Of Views", LoadSteps),
    **returned_by("Raise Load", RateSteps),
    **returned_by("List Jobs Of Views", Names, str),
}


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=_TAKEN)
class LoadLibrary(KeywordLibrary):
    """Loads, views by the dozen, and requests that are sent more than once.

    Views by the dozen are only for exclusive suites. Requests for them are under way at the same time, fifty at most.
    One user asks for as many views as the site allows one, then the next user of the site file goes on. What is opened
    is removed at the end of the test, also when it fails.
    """

    def __init__(self) -> None:
        super().__init__(
            [
                Capacity(),
                RepeatedRequests(),
                ClientWindows(),
                AnswerTimes(),
                AppliedLoad(),
                AlertLoad(),
                LoadFigures(),
                BurstFigures(),
                GrowingLoad(),
                RaisedLoad(),
            ]
        )
