"""Kubernetes on AWS: EKS, its nodes, add-ons and identities."""
