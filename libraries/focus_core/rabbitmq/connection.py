"""A connection to a broker over AMQP, and in words why there is none."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from focus_core.base.errors import BenchError

CONNECT_TIMEOUT_S = 5.0
# A queue may lie untouched for a whole test; the broker drops silent connections after two of these.
HEARTBEAT_S = 600

_CHECK_ADDRESS = "check that it runs and that rabbitmq.host and port of the site file are right"
_CHECK_LOGIN = "correct rabbitmq.username and password of the site file"


def connect(
    *,
    host: str,
    port: int,
    vhost: str,
    username: str,
    password: str,
    timeout: float,
    name: str,
    tls: ssl.SSLContext | None = None,
) -> Any:
    """A new pika BlockingConnection, by its `name` in the management API; the caller closes it.

    `timeout` is seconds for each step. A broker that cannot be reached, or does not let the user in, raises BenchError
    that names the address, the cause and the repair.
    """
    # Imported here: a suite that speaks only REST must not pay for it.
    import pika
    from pika.adapters.utils.connection_workflow import AMQPConnectorException
    from pika.exceptions import AMQPError

    place = parameters(
        host=host, port=port, vhost=vhost, username=username, password=password, timeout=timeout, name=name, tls=tls
    )
    try:
        return pika.BlockingConnection(place)
    except (AMQPError, AMQPConnectorException, OSError) as error:
        cause, repair = trouble(error, username, vhost, timeout)
        raise BenchError(f"RabbitMQ at {host}:{port} {cause}; {repair}.") from error


def parameters(
    *,
    host: str,
    port: int,
    vhost: str,
    username: str,
    password: str,
    timeout: float,
    name: str,
    tls: ssl.SSLContext | None = None,
) -> Any:
    """The pika ConnectionParameters of a connection as `connect` makes it."""
    import pika

    # What pika reports comes back as an error, worded for the reader of the report.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    return pika.ConnectionParameters(
        host=host,
        port=port,
        virtual_host=vhost,
        credentials=pika.PlainCredentials(username, password),
        heartbeat=HEARTBEAT_S,
        socket_timeout=timeout,
        stack_timeout=2 * timeout,
        blocked_connection_timeout=timeout,
        client_properties={"connection_name": name},
        ssl_options=pika.SSLOptions(tls, host) if tls else None,
    )


def trouble(error: BaseException, username: str, vhost: str, timeout: float) -> tuple[str, str]:
    """Why no connection came about, and what to do; `error` is what pika raised."""
    from pika import exceptions

    kind = type(error).__name__
    if isinstance(error, exceptions.ProbableAuthenticationError):
        return f"does not let '{username}' in (wrong name or password)", _CHECK_LOGIN
    if isinstance(error, exceptions.ProbableAccessDeniedError):
        reason = f"'{username}' may not use the virtual host '{vhost}', or it takes no more connections"
        return f"does not let '{username}' in ({reason})", "give the user that right, or correct rabbitmq.vhost"
    inner = _innermost(error)
    if isinstance(inner, ConnectionRefusedError):
        return "cannot be reached (nothing listens there)", _CHECK_ADDRESS
    if isinstance(inner, ssl.SSLCertVerificationError):
        return (
            f"shows a certificate that is not good ({inner.verify_message.rstrip('.')})",
            "renew it, or correct tls.ca_file",
        )
    if "Timeout" in type(inner).__name__:
        return f"takes the connection but does not answer within {2 * timeout:g} s", _CHECK_ADDRESS
    if isinstance(inner, exceptions.IncompatibleProtocolError | exceptions.StreamLostError | ssl.SSLError):
        return f"does not speak AMQP ({kind})", _CHECK_ADDRESS
    return f"cannot be used ({type(inner).__name__})", _CHECK_ADDRESS


@contextmanager
def broken_connection_named(address: str) -> Iterator[None]:
    """A broker that goes away in the middle is a fault of the bench."""
    from pika.exceptions import AMQPError

    try:
        yield
    except AMQPError as error:
        raise BenchError(
            f"RabbitMQ at {address} broke off the connection ({type(error).__name__}); check its log."
        ) from error


def _innermost(error: BaseException) -> BaseException:
    """What pika has wrapped: its errors carry their reason as an argument, sometimes several layers deep."""
    for wrapped in (getattr(error, "exception", None), *getattr(error, "args", ())):
        if isinstance(wrapped, BaseException):
            return _innermost(wrapped)
    return error
