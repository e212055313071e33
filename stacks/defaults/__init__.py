"""What each tier has at each place unless its stack file says otherwise, in the keys of the stack files.

``production`` holds what the reviews ask for; ``staging`` is its smaller mirror, ``dev`` is cheap, ``local`` the least that runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from facts.tiers import Tier
from stacks.defaults.aws import AWS
from stacks.defaults.azure import AZURE
from stacks.defaults.common import COMMON
from stacks.defaults.existing import EXISTING
from stacks.merge import merge

DEFAULTS: Final[Mapping[str, Mapping[Tier, Mapping[str, Any]]]] = {
    place: {tier: merge(COMMON[tier], own[tier]) for tier in Tier}
    for place, own in {"aws": AWS, "azure": AZURE, "existing": EXISTING}.items()
}
"""By place, then by tier."""
