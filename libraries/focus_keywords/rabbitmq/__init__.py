"""Keywords about RabbitMQ: the broker, messages, the queues of views."""
