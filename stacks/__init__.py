"""The environments: settings, tier defaults, stack files and the composition."""
