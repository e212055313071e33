"""Rules about networks and what may talk to what."""

from __future__ import annotations

from policies.rules.network import default_deny

MODULES = (default_deny,)
