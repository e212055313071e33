"""Volumes on AWS: EBS."""
