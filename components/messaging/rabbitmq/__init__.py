"""RabbitMQ: its topology, and servers in the cluster."""
