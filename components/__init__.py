"""Reusable components, a folder a domain; they know nothing of stacks, policies or the offline engine."""
