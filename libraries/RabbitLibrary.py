"""RabbitMQ of the site."""

from focus_keywords.rabbitmq.broker import Broker
from focus_keywords.rabbitmq.messages import Messages
from focus_keywords.rabbitmq.view_queues import ViewQueues
from robot.api.deco import library
from robotlibcore import DynamicCore


@library(scope="GLOBAL", version="0.2.0", auto_keywords=False)
class RabbitLibrary(DynamicCore):
    """The broker of the site: what it holds, and whether messages pass.

    Queues that a test makes are its own and go at its end; the site's own queues are never emptied.
    """

    def __init__(self) -> None:
        super().__init__([Broker(), Messages(), ViewQueues()])
