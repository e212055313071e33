"""Autoscaling of nodes on EKS."""
