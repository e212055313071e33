"""Secrets and keys."""
