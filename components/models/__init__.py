"""What the models of all domains share: how a setting is written, bounded, explained and agrees with itself. Imports no Pulumi."""
