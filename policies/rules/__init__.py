"""The rules, by domain."""
