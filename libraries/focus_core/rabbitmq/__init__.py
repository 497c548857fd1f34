"""RabbitMQ: connections, queues, messages and the management API."""
