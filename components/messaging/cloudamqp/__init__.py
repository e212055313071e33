"""RabbitMQ that CloudAMQP runs."""
