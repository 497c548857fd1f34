"""The objects that keywords return, for their page and for editors. A dataclass that is not here is not documented."""

from __future__ import annotations

from focus_core.base.words import Hole, Recording
from focus_core.cluster.objects import Container, Event, Job, LogLine, Node, Pod, PodResources, Service, Workload
from focus_core.data.sets import DataSet
from focus_core.disruption.outage import Measured
from focus_core.disruption.watch import Timeline
from focus_core.load.figures import Load
from focus_core.load.growth import LoadStep
from focus_core.load.rate_steps import RateStep
from focus_core.mongodb.catalogue import StoredBasePath, StoredCollection, StoredDocument, StoredRecording
from focus_core.mongodb.client import Index, Status
from focus_core.mongodb.plans import Plan
from focus_core.rabbitmq.management import Binding, BrokerExchange, BrokerState, Connection, Queue
from focus_core.rabbitmq.messages import Message
from focus_core.server.client import Exchange
from focus_core.streams.statistics import StreamFrame, StreamStatistics
from focus_core.ui.shown import Balloon, Note, ReferenceLine, ShownAlert
from focus_core.views.view import View, ViewAnswer, ViewRequest
from focus_core.views.waterfall_rows import WaterfallRow
from focus_core.webapp.alert_traces import AlertTrace
from focus_core.webapp.alerts import Alert
from focus_core.webapp.seen_alerts import SeenAlert

OBJECTS: tuple[type, ...] = (
    StoredRecording,
    Recording,
    Hole,
    StoredBasePath,
    StoredCollection,
    StoredDocument,
    Index,
    Plan,
    Status,
    Exchange,
    Alert,
    SeenAlert,
    AlertTrace,
    BrokerState,
    Queue,
    BrokerExchange,
    Binding,
    Connection,
    Message,
    Pod,
    Container,
    PodResources,
    Job,
    Service,
    LogLine,
    Event,
    Node,
    Workload,
    Measured,
    Timeline,
    View,
    ViewRequest,
    ViewAnswer,
    WaterfallRow,
    StreamFrame,
    StreamStatistics,
    Load,
    LoadStep,
    RateStep,
    ShownAlert,
    Balloon,
    Note,
    ReferenceLine,
    DataSet,
)
