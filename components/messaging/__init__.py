"""Brokers that lose nothing that they confirmed, a folder each."""
