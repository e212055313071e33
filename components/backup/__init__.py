"""Backups of the cluster's objects and volumes by Velero, and the drill that restores them."""
