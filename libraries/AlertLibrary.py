"""Alerts of the site."""

from focus_keywords.alerts.operator import CONVERTERS, OperatorAlerts
from focus_keywords.alerts.transport import AlertTransport
from focus_keywords.library import KeywordLibrary
from robot.api.deco import library


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=CONVERTERS)
class AlertLibrary(KeywordLibrary):
    """Alerts: sent through the web app, carried by the broker, shown to the operator.

    Alerts are as an operator knows them: SD or SC, low, medium or high, at a distance on the fibre. They are sent as
    the user of this parallel lane. Whatever reaches the site is deleted again after the test.
    """

    def __init__(self) -> None:
        super().__init__([OperatorAlerts(), AlertTransport()])
