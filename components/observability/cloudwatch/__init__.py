"""Metrics of AWS services in Prometheus."""
