"""What pika raises when the broker is not there, does not answer or breaks off."""

from __future__ import annotations

from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.exceptions import AMQPError

# For a broker that accepts the connection and stays silent, pika raises an exception that is no AMQPError.
BROKER_ERRORS = (AMQPError, AMQPConnectorException, OSError)
