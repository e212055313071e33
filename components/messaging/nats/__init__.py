"""NATS with JetStream."""
