"""Autoscaling: as many nodes and pods as the load asks for."""
