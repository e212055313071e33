"""Volumes and object stores on Azure."""
