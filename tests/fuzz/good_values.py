"""Values that keywords take from each other, as a Robot variable file: ``${View}``, ``${Exchange}`` and so on.

They are of no site, and nothing listens where they lead to.
"""

from datetime import UTC, datetime
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.words import Hole, Recording
from focus_core.disruption.outage import Measured, Measurements
from focus_core.disruption.outage_answers import ViewOpener
from focus_core.disruption.watch import Timeline
from focus_core.load.views_at_once import Burst, Ports
from focus_core.rabbitmq.client import RabbitClient
from focus_core.rabbitmq.durable_test_queue import DurableTestQueue
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.rabbitmq.messages import Message
from focus_core.server.client import Exchange, FocusClient
from focus_core.site.data import open_site
from focus_core.streams.client import Readings, StreamReading
from focus_core.views.view import View, ViewRequest, Views, ViewType, read_answer
from focus_core.webapp.alert_sender import AlertSender
from focus_core.webapp.alerts import Alert, AlertClass, Severity
from focus_core.webapp.client import WebAppClient
from focus_keywords.cluster.workloads import RestartCounts
from focus_keywords.disruption.outages import PodsMark
from focus_keywords.disruption.recording import RecorderMark
from focus_keywords.mongodb.server import OwnDocuments

_RECORDING = Recording(1_700_000_000, 1_700_000_060)
_ANSWER = {
    "job_id": "7-12",
    "status": "running",
    "stream_amount": 3,
    "stream_port": 1,
    "stream_url": "http://127.0.0.1",
    "lines_dt": 0.01,
    "channel_amount": 3,
    "frequencies_amount": 3,
    "frequencies_list": [0.0, 2.0, 4.0],
    "channel_to_stream_index": {"11": 0, "12": 1, "13": 2},
}
_EXCHANGE = Exchange("POST", "http://127.0.0.1/configure", "{}", 400, {"Content-Type": "application/json"}, "{}", 0.1)
_VIEW = View(ViewRequest(ViewType.MultiChannel, (11, 13), 1024, (0, 5), 10, 1000), read_answer(_ANSWER), _EXCHANGE)
_READING = StreamReading(0, ended_by="UNAVAILABLE (nobody)")
_TIMELINE = Timeline(0.1, 1.0, 2.0, 1.9, 10, 5, "refused")


class _NoQueue(ExclusiveTestQueue):
    """A queue at a broker that is gone."""

    def _open(self) -> None:
        pass

    def messages_until_now(self) -> list[Message]:
        raise BenchError("The broker is gone.")

    def wait_for(self, *_: object, **__: object) -> Message:
        raise BenchError("The broker is gone.")


def get_variables() -> dict[str, Any]:
    broker = RabbitClient.of_site(open_site())
    return {
        "View": _VIEW,
        "ViewOrViews": _VIEW,
        "ViewOrReadings": Readings([_READING]),
        "Exchange": _EXCHANGE,
        "StreamReading": _READING,
        "Burst": Burst(_VIEW.request, [(FocusClient("http://127.0.0.1:1", timeout=1), _EXCHANGE)]),
        "Recording": _RECORDING,
        "Hole": Hole(_RECORDING, ((1_700_000_000, 1_700_000_010), (1_700_000_050, 1_700_000_060))),
        "Measured": Measured("deleted pod", "mongodb", _TIMELINE, 5, 0),
        "PodsMark": PodsMark("mongodb", {"mongodb-0": 0}),
        "RecorderMark": RecorderMark(datetime.now(UTC).replace(tzinfo=None), frozenset({"a"})),
        "OwnDocuments": OwnDocuments("focus_own", frozenset({0, 1})),
        "ViewOpener": ViewOpener(FocusClient("http://127.0.0.1:1", timeout=1), {}, [_EXCHANGE]),
        "AlertSender": AlertSender([WebAppClient(url="http://127.0.0.1:1", site_id="s", username="u", password="p")]),
        "Alert": Alert("a1", AlertClass.SD, Severity.high, 1250),
        "DurableTestQueue": DurableTestQueue(broker),
        "ExclusiveTestQueue": _NoQueue(broker),
        "Moment": datetime.now(UTC),
        "RestartCounts": RestartCounts({"mongodb-0": 0}),
        "Ports": Ports([1]),
        "Readings": Readings([_READING]),
        "Views": Views([_VIEW, _VIEW]),
        "Measurements": Measurements([Measured("deleted pod", "mongodb", _TIMELINE, 5, 0)]),
        "Names": frozenset({"a"}),
    }
