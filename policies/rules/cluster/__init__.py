"""Rules about the cluster itself."""
