"""RabbitMQ that Amazon MQ runs."""
