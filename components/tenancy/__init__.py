"""Namespaces and what bounds them, traffic between them, priority classes."""
