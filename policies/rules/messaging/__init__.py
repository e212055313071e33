"""Rules about NATS and the volumes of stateful services."""
