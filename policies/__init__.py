"""The policy pack: operational requirements held against the resources of a stack."""
