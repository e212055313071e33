"""Provider functions that have an offline answer: none today.

What a component asks of something that it creates itself, such as a cluster's certificate authority,
is not asked at a preview that begins from nothing: the SDK leaves out a call with unknown arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf.struct_pb2 import Struct

from offline.errors import UnansweredFunctionError
from offline.properties import plain_struct, revealed

Answer = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]
"""What a function returns for its arguments, asked of a provider with these inputs."""

ANSWERS: Final[dict[str, Answer]] = {}
"""By the token of the function, such as ``aws:index/getRegion:getRegion``."""


class Functions:
    """Answers the calls of a run; equal calls are answered once."""

    def __init__(self) -> None:
        self._answered: dict[tuple[str, bytes, str], Struct] = {}

    def answer(self, token: str, args: Struct, provider_urn: str, provider: Mapping[str, Any]) -> Struct:
        """What the function ``token`` returns for ``args``, asked of a provider with these inputs.

        Raises:
            UnansweredFunctionError: the function is not in the table.
        """
        if token not in ANSWERS:
            raise UnansweredFunctionError(
                f"the provider function {token} has no offline answer, and what a preview shows must not depend on an account."
                " Pass the value in as a setting, or add the function to offline/functions.py"
            )
        key = (token, args.SerializeToString(deterministic=True), provider_urn)
        if key not in self._answered:
            answer = Struct()
            answer.update(ANSWERS[token](revealed(plain_struct(args)), revealed(provider)))
            self._answered[key] = answer
        return self._answered[key]
