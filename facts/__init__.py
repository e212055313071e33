"""What several rooms must read alike: quantities, durations, tiers, regions, releases; depends on nothing, anyone may import it."""
