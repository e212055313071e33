"""Rules about networks and what may talk to what."""
