"""Views of the Focus Server."""

from focus_core.base.words import CONVERTERS, either, returned_by
from focus_core.views.view import View, ViewOrViews, Views
from focus_keywords.library import KeywordLibrary
from focus_keywords.views.answers import ViewAnswers
from focus_keywords.views.changing import ViewChanges
from focus_keywords.views.fields import ViewFields
from focus_keywords.views.formulas import Formulas
from focus_keywords.views.live_source import LiveSource
from focus_keywords.views.malformed import MalformedRequests
from focus_keywords.views.metadata import ViewMetadata
from focus_keywords.views.opening import ViewOpening
from focus_keywords.views.refusing import ViewRefusals
from focus_keywords.views.rows import WaterfallRows
from focus_keywords.views.states import ViewStates
from focus_keywords.views.waterfall import ViewWaterfall
from robot.api.deco import library

_VIEW = returned_by("Open View", View)
_VIEWS = returned_by("Open Views At The Same Time", Views, View)
_TAKEN = {
    **CONVERTERS,
    **_VIEW,
    **_VIEWS,
    **either(ViewOrViews, _VIEW, _VIEWS),
}


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=_TAKEN)
class ViewLibrary(KeywordLibrary):
    """Views of the Focus Server: opened, refused, changed; their answers, metadata and waterfall.

    = Opening =
    A view is asked for in the specification's words: time status ``Live`` or ``Historic``, view type ``MultiChannel``,
    ``SingleChannel`` or ``Waterfall``, channels ``11-109`` or ``11 to 109``, frequency ``0-1000 Hz``, NFFT, display
    duration in seconds, height in rows. What is not said comes from the site's defaults. The job of a view is
    removed at the end of the test (of the suite, when the suite setup opened it). Requests and answers are in the log
    at folds.

    = Refusing =
    The server has to answer 422 to a wrong shape and 400 to a wrong meaning. A refusal must name the field, give a
    reason that speaks of the cause, tell what the site allows there (400), and show nothing of the server's code.
    ``field`` is dotted (``channels.min``). ``because`` is what the reason has to say; where it is left out, the reason
    has to name the field. ``allowed`` is what the answer has to tell as allowed; where it is left out, it follows from
    the site's limits. A view that is accepted by mistake is removed at once and named in the failure.

    A bare text (malformed JSON, unusual but good JSON, hostile texts, other content types) that is no view has to be
    refused like any other bad request; one that is a view has to be answered like any other view.

    = Changing =
    A view is changed by ``POST /config/{id}``, or by ``POST /config_task`` where ``by=config_task`` is said.
    `Change ROI` and its relatives return the view as it has to be from then on; `Metadata Should Match The View`,
    `Every Stream Should Deliver Frames` and `Waterfall Should Show The View` check that it is.

    = Waterfall =
    Every keyword that reads rows checks each of them against the view: its channels, one amplitude a frequency, none of
    them negative, rows of the right length one after the other, times of now (live) or of the window (historic).
    `Waterfall Should Show The View` draws what it saw into the log, for the first two looks of a test.
    """

    def __init__(self) -> None:
        super().__init__(
            [
                ViewAnswers(),
                ViewChanges(),
                ViewFields(),
                Formulas(),
                LiveSource(),
                MalformedRequests(),
                ViewMetadata(),
                ViewOpening(),
                ViewRefusals(),
                WaterfallRows(),
                ViewStates(),
                ViewWaterfall(),
            ]
        )
