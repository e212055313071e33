"""Benchmarks of the project, each a module with a main: `make bench` runs them all."""
