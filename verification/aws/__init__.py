"""Reads a stack's resources from AWS: calls that describe and list, and no other."""
