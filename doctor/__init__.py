"""Asks a real cluster, without changing it, whether a stack would run there, and says what is missing, why and how to cure it."""
