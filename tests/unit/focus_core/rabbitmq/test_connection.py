"""Why a broker does not let a client in, in words, for each error that pika knows."""

from __future__ import annotations

import ssl

import pytest
from focus_core.rabbitmq.connection import trouble
from pika import exceptions
from pika.adapters.utils.connection_workflow import AMQPConnectorSocketConnectError, AMQPConnectorStackTimeout


def expired() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "certificate has expired"
    return error


@pytest.mark.parametrize(
    ("error", "cause", "repair"),
    [
        (exceptions.ProbableAuthenticationError(403, "no"), "wrong name or password", "rabbitmq.username"),
        (exceptions.ProbableAccessDeniedError(530, "no"), "may not use the virtual host '/v'", "rabbitmq.vhost"),
        (AMQPConnectorSocketConnectError(ConnectionRefusedError()), "nothing listens there", "rabbitmq.host"),
        (AMQPConnectorStackTimeout("late"), "does not answer within 6 s", "rabbitmq.host"),
        (exceptions.IncompatibleProtocolError("x"), "does not speak AMQP (IncompatibleProtocolError)", "rabbitmq.host"),
        (exceptions.AMQPConnectionError(expired()), "not good (certificate has expired)", "tls.ca_file"),
        (exceptions.AMQPConnectionError(ssl.SSLError("x")), "does not speak AMQP", "rabbitmq.host"),
        (exceptions.AMQPConnectionError(OSError(113, "no route")), "cannot be used (OSError)", "rabbitmq.host"),
    ],
)
def test_trouble_has_a_cause_and_a_repair(error: Exception, cause: str, repair: str) -> None:
    sentence, advice = trouble(error, "prisma", "/v", timeout=3)
    assert cause in sentence
    assert repair in advice
