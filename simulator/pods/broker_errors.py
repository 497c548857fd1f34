"""What pika raises when the broker is not there, does not answer or breaks off."""

from __future__ import annotations

from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.exceptions import AMQPError

# A broker that takes the connection and says nothing is told by an exception that is no AMQPError.
BROKER_ERRORS = (AMQPError, AMQPConnectorException, OSError)
