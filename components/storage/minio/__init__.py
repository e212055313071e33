"""Object storage on a cluster that has none: MinIO."""
