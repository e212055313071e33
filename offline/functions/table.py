"""The table of provider functions by token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf.struct_pb2 import Struct

from offline.errors import UnansweredFunctionError
from offline.functions import account, identifiers, policy_document
from offline.functions.call import Answer, Call
from offline.properties import plain_struct, revealed

ANSWERS: Final[Mapping[str, Answer]] = {
    "aws:iam/getPolicyDocument:getPolicyDocument": policy_document.get_policy_document,
    "aws:index/getArn:getArn": identifiers.get_arn,
    "aws:index/getAvailabilityZones:getAvailabilityZones": account.get_availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": account.get_caller_identity,
    "aws:index/getPartition:getPartition": identifiers.get_partition,
    "aws:index/getRegion:getRegion": identifiers.get_region,
}


class Functions:
    """Answers the calls of a run; equal calls are answered once."""

    def __init__(self) -> None:
        self._answered: dict[tuple[str, bytes, str], Struct] = {}

    def answer(self, token: str, args: Struct, provider_urn: str, provider: Mapping[str, Any]) -> Struct:
        """What the function ``token`` returns for ``args``, asked of a provider with these inputs.

        Raises:
            UnansweredFunctionError: the function is not in the table.
            FunctionArgumentError: the provider would refuse the arguments.
        """
        if token not in ANSWERS:
            raise UnansweredFunctionError(
                f"the provider function {token} has no offline answer; known are {', '.join(sorted(ANSWERS))}."
                " Pass the value in as a setting, or add the function to offline/functions/table.py"
            )
        key = (token, args.SerializeToString(deterministic=True), provider_urn)
        if key not in self._answered:
            call = Call(token=token, args=revealed(plain_struct(args)), provider=revealed(provider))
            answer = Struct()
            answer.update(ANSWERS[token](call))
            self._answered[key] = answer
        return self._answered[key]
