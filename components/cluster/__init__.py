"""Kubernetes clusters: control plane, nodes, add-ons and who may sign in."""
