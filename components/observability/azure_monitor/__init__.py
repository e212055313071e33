"""Metrics of Azure in Prometheus, and Azure's own alarms."""
