"""Quantities and durations as the tools of the platform write them; depends on nothing, anyone may import it."""
