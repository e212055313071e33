"""PostgreSQL in the cluster itself, by CloudNativePG."""
