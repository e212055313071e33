"""The settings of a stack: one frozen tree of models."""
