"""Alerts of the site."""

from focus_core.base.words import CONVERTERS, returned_by
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.webapp.alerts import Alert
from focus_keywords.alerts.getters import AlertGetters
from focus_keywords.alerts.investigation import AlertInvestigation
from focus_keywords.alerts.operator import Distance, OperatorAlerts
from focus_keywords.alerts.refusals import AlertRefusals
from focus_keywords.alerts.requests import WebAppRequests
from focus_keywords.alerts.transport import AlertTransport
from focus_keywords.library import KeywordLibrary
from robot.api.deco import library

_TAKEN = {
    **CONVERTERS,
    Distance: Distance.convert,
    **returned_by("Send Alert", Alert),
    **returned_by("Bind Private Queue", ExclusiveTestQueue),
}


@library(scope="GLOBAL", version="0.3.0", auto_keywords=False, converters=_TAKEN)
class AlertLibrary(KeywordLibrary):
    """Alerts: sent through the web app, carried by the broker, shown to the operator.

    Alerts are as an operator knows them: SD or SC, low, medium or high, at a distance on the fibre. They are sent as
    the user of this parallel lane. Whatever reaches the site is deleted again after the test.
    """

    def __init__(self) -> None:
        super().__init__(
            [
                OperatorAlerts(),
                AlertRefusals(),
                AlertTransport(),
                AlertGetters(),
                AlertInvestigation(),
                WebAppRequests(),
            ]
        )
