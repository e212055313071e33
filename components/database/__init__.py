"""Managed PostgreSQL, its parameters, alarms and alerts."""
