"""RabbitMQ of the site."""

from focus_core.base.words import CONVERTERS, Names, returned_by
from focus_core.rabbitmq.durable_test_queue import DurableTestQueue
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.views.view import View
from focus_core.webapp.alerts import Alert
from focus_keywords.library import KeywordLibrary
from focus_keywords.rabbitmq.broker import Broker
from focus_keywords.rabbitmq.broker_getters import BrokerGetters
from focus_keywords.rabbitmq.message_getters import MessageGetters
from focus_keywords.rabbitmq.messages import Messages
from focus_keywords.rabbitmq.queue_getters import QueueGetters
from focus_keywords.rabbitmq.view_queues import ViewQueues
from robot.api.deco import library

_TAKEN = {
    **CONVERTERS,
    **returned_by("Open View", View),
    **returned_by("Publish Confirmed Messages", DurableTestQueue),
    **returned_by("Bind Private Queue", ExclusiveTestQueue),
    **returned_by("Send Alert", Alert),
    **returned_by("List Queues Of Views' or 'List Durable Queues", Names, str),
}


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False, converters=_TAKEN)
class RabbitLibrary(KeywordLibrary):
    """The broker of the site: what it holds, and whether messages pass.

    Queues that a test makes are its own and go at its end; the site's own queues are never emptied.
    """

    def __init__(self) -> None:
        super().__init__([Broker(), Messages(), ViewQueues(), QueueGetters(), MessageGetters(), BrokerGetters()])
