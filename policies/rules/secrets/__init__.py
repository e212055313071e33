"""Rules about credentials."""

from __future__ import annotations

from policies.rules.secrets import charts, databases, environment, objects

MODULES = (environment, objects, charts, databases)
