"""Rules about storage classes and the volumes of stateful services."""

from __future__ import annotations

from policies.rules.storage import claims, classes

MODULES = (classes, claims)
