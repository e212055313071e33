"""The Pulumi program: read the stack's settings, compose the platform, export what others need."""

from __future__ import annotations

import pulumi

from components.errors import ComponentError
from facts.display import make_presentable
from stacks.errors import PlinthError
from stacks.platform import Platform, settings_of_stack

try:
    platform = Platform(settings_of_stack())
except (ComponentError, PlinthError) as mistake:
    # Of a user's mistake the engine shows the message, not the way to it.
    raise pulumi.RunError(make_presentable(str(mistake))) from mistake
for name, value in platform.exports().items():
    pulumi.export(name, value)
