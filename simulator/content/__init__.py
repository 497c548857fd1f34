"""What MongoDB, RabbitMQ and the cluster hold, and the defects of that content."""
