"""What a provider function gets to know of its call."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from offline.errors import FunctionArgumentError


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call of the function ``token`` with ``args``; ``provider`` holds the inputs of the provider that it is asked of."""

    token: str
    args: Mapping[str, Any]
    provider: Mapping[str, Any]

    @property
    def region(self) -> str:
        """The AWS region that is asked: that of the arguments, else the provider's.

        Raises:
            FunctionArgumentError: there is none.
        """
        region = self.args.get("region") or self.provider.get("region")
        if not isinstance(region, str):
            raise self.refusal("there is no region; call it through a provider that has one")
        return region

    def configured(self, name: str) -> Any:
        """A structured input of the provider, which travels as JSON; None where it is not given."""
        text = self.provider.get(name)
        return json.loads(text) if isinstance(text, str) else text

    def refusal(self, problem: str) -> FunctionArgumentError:
        """The error that says what is wrong with this call."""
        return FunctionArgumentError(f"the call of {self.token}: {problem}")


Answer = Callable[[Call], dict[str, Any]]
