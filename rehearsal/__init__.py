"""A rehearsal of a stack on simulated nodes: a real API server, its controllers and scheduler, without a cloud."""
