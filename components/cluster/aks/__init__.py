"""Kubernetes on Azure: AKS, its node pools, windows and rights."""
