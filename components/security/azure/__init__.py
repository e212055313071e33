"""Security on Azure: identities of pods, and what they may do."""
