"""Metrics, alerts and dashboards of the platform."""
