"""Which resources of an account are a stack's: those that carry its tags, and those that live in its network or cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from accounts.aws.session import AwsAccount, calling

NOT_TAGGED: Final = "it does not carry the stack's tags"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A stack in an account of AWS.

    Attributes:
        names: the physical names that the program gives, by type token.
        parameters: the names of the database's parameters that the program sets.
    """

    account: AwsAccount
    project: str
    stack: str
    names: Mapping[str, frozenset[str]]
    parameters: frozenset[str] = frozenset()

    def client(self, service: str) -> Any:
        """A client of a service in the account's region."""
        connect: Any = self.account.session.client
        return connect(service, config=calling(self.account.region))

    def pages(self, client: Any, operation: str, key: str, **arguments: Any) -> list[Any]:
        """All elements of a listing, of every page of it."""
        return [each for page in client.get_paginator(operation).paginate(**arguments) for each in page.get(key, ())]

    def owns(self, tags: Mapping[str, str]) -> bool:
        """Whether tags are those that the stack's provider puts on everything."""
        return tags.get("project") == self.project and tags.get("stack") == self.stack

    @cached_property
    def tagged(self) -> Sequence[str]:
        """The ARNs of everything in the region that carries the stack's tags."""
        wanted = [{"Key": "project", "Values": [self.project]}, {"Key": "stack", "Values": [self.stack]}]
        found = self.pages(self.client("resourcegroupstaggingapi"), "get_resources", "ResourceTagMappingList", TagFilters=wanted)
        return [each["ResourceARN"] for each in found]

    @cached_property
    def vpcs(self) -> Sequence[str]:
        """The ids of the stack's networks."""
        filters = [{"Name": "tag:project", "Values": [self.project]}, {"Name": "tag:stack", "Values": [self.stack]}]
        return [each["VpcId"] for each in self.pages(self.client("ec2"), "describe_vpcs", "Vpcs", Filters=filters)]

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a regional resource of the account."""
        return f"arn:{self.account.partition}:{service}:{self.account.region}:{self.account.account_id}:{resource}"


def tags_of(pairs: Sequence[Mapping[str, str]] | None) -> dict[str, str]:
    """Tags as AWS lists them, as a mapping."""
    return {pair["Key"]: pair["Value"] for pair in pairs or ()}


def given(**inputs: Any) -> dict[str, Any]:
    """Inputs without those that the account does not have."""
    return {key: value for key, value in inputs.items() if value is not None}
