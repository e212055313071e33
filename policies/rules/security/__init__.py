"""Rules about what a cluster or registry enforces by itself."""
