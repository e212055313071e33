"""NATS with JetStream: the platform's durable messaging."""
