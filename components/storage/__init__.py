"""Volumes: their classes, keys and snapshots."""
