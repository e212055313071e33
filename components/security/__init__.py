"""Namespaces and what bounds them, traffic between them, storage and priority classes, certificates."""
