"""Certificates of the cluster."""
