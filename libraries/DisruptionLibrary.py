"""Faults of the site, and what they cost."""

from focus_core.base.words import returned_by
from focus_core.disruption.outage import Measured, Measurements
from focus_core.disruption.outage_answers import ViewOpener
from focus_core.views.view import View
from focus_core.webapp.alert_sender import AlertSender
from focus_keywords.disruption.alert_outages import AlertOutages
from focus_keywords.disruption.faults import Faults
from focus_keywords.disruption.hanging_server import HangingServer
from focus_keywords.disruption.outages import Outages, PodsMark
from focus_keywords.disruption.recording import RecorderMark, RecordingThroughOutages
from focus_keywords.library import KeywordLibrary
from robot.api.deco import library


def _measurements(value: object) -> Measurements:
    """What one fault cost, or several."""
    measured = [value] if isinstance(value, Measured) else value
    if isinstance(measured, list) and all(isinstance(one, Measured) for one in measured):
        return Measurements(measured)
    raise ValueError("it has to be what a keyword that ends a fault has returned, or a list of that")


_TAKEN = {
    **returned_by("Open View", View),
    Measurements: _measurements,
    **returned_by("Keep Opening Views", ViewOpener),
    **returned_by("Keep Sending Alerts", AlertSender),
    **returned_by("Note The Pods Of", PodsMark),
    **returned_by("Note The Live Recording", RecorderMark),
}


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=_TAKEN)
class DisruptionLibrary(KeywordLibrary):
    """Faults that are real and always undone, and what clients see of them.

    A fault is refused before the first call unless the site's policy allows it (``policy.disruption``,
    ``policy.max_pods``, ``policy.protected``), the workload stands in the site file, and every test of the suite is
    tagged ``disruptive`` and ``exclusive``. The site must be in its steady state: Focus Server, MongoDB and RabbitMQ
    answer, all workloads are ready.

    What undoes a fault stands on disk before the fault is made. It is played by the keyword that ends the fault, else
    at the end of the test, else by whoever opens the site next or by ``python run.py recover``.

    All through a fault the workload is asked again and again: MongoDB by documents and RabbitMQ by messages of the
    run's own, whose acknowledgements are counted, so that the keyword that ends the fault fails when one is lost. The
    times stand in the log as a picture, and in ``disruption.jsonl`` beside it.

    Keywords about answers during an outage, and about what has to be whole after it, disturb nothing.

    Workloads: focus_server, mongodb, rabbitmq, segy_recorder, webapp, preprocessor.
    """

    def __init__(self) -> None:
        super().__init__([Faults(), HangingServer(), Outages(), AlertOutages(), RecordingThroughOutages()])
