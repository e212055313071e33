"""The role that deploys, the trust in GitHub that lets workflows take it, and its policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import ClientError
from mypy_boto3_iam import IAMClient

from accounts.aws.documents import Comparable, Statement, comparable, render
from accounts.aws.failures import code_of
from accounts.github import ISSUER, Workflows
from accounts.steps import Thing, Trait

AUDIENCE: Final = "sts.amazonaws.com"
SESSION_HOURS: Final = 4
"""How long a session may last: the roll of all nodes takes longer than the one hour that is usual."""
_SESSION_SECONDS: Final = SESSION_HOURS * 3600
_MOST_VERSIONS: Final = 5
"""IAM keeps no more versions of a policy."""
_ISSUER_HOST: Final = ISSUER.removeprefix("https://")


def github_provider(client: IAMClient, *, partition: str, account_id: str, tags: Mapping[str, str]) -> Thing:
    """The account's trust in tokens of GitHub Actions. An account has one, which others may have made: it is only completed."""
    arn = provider_arn(partition=partition, account_id=account_id)

    def audiences() -> Sequence[str]:
        return [each for each in client.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["ClientIDList"] if each == AUDIENCE]

    return Thing(
        kind="OIDC provider",
        name=_ISSUER_HOST,
        exists=lambda: _is_there(lambda: client.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)),
        # AWS knows GitHub's certificates itself, so that no thumbprint is given.
        create=lambda: client.create_open_id_connect_provider(Url=ISSUER, ClientIDList=[AUDIENCE], Tags=_pairs(tags)),
        traits=[
            Trait(
                name="audience",
                read=audiences,
                wanted=lambda: [AUDIENCE],
                write=lambda: client.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID=AUDIENCE),
            )
        ],
    )


def provider_arn(*, partition: str, account_id: str) -> str:
    """The ARN of the account's trust in GitHub, known before it exists."""
    return f"arn:{partition}:iam::{account_id}:oidc-provider/{_ISSUER_HOST}"


def trust_statements(workflows: Workflows, *, provider: str) -> Sequence[Statement]:
    """The jobs of ``workflows``, and nobody else, by the whole subject of their tokens."""
    return (
        {
            "Sid": "Workflows",
            "Effect": "Allow",
            "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {f"{_ISSUER_HOST}:aud": AUDIENCE, f"{_ISSUER_HOST}:sub": list(workflows.subjects.values())},
            },
        },
    )


def managed_policy(
    client: IAMClient, arn: str, statements: Callable[[], Sequence[Statement]], *, description: str, tags: Mapping[str, str]
) -> Thing:
    """A policy of the account; ``statements`` are asked for when it is compared and when it is written."""
    name = arn.rpartition("/")[2]

    def read() -> Any:
        version = client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        return comparable(client.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"])

    def write() -> None:
        versions = client.list_policy_versions(PolicyArn=arn)["Versions"]
        if len(versions) == _MOST_VERSIONS:
            oldest = min((each for each in versions if not each["IsDefaultVersion"]), key=lambda each: each["CreateDate"])
            client.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
        client.create_policy_version(PolicyArn=arn, PolicyDocument=render(statements()), SetAsDefault=True)

    def create() -> None:
        client.create_policy(PolicyName=name, PolicyDocument=render(statements()), Description=description, Tags=_pairs(tags))
        client.get_waiter("policy_exists").wait(PolicyArn=arn)

    return Thing(
        kind="IAM policy",
        name=name,
        exists=lambda: _is_there(lambda: client.get_policy(PolicyArn=arn)),
        create=create,
        traits=[Trait(name="statements", read=read, wanted=lambda: comparable(render(statements())), write=write)],
    )


class DeployerRole:
    """The role, with these policies and no others: what somebody attached to it by hand is taken off again."""

    def __init__(
        self, client: IAMClient, name: str, *, trust: Sequence[Statement], policy_arns: Sequence[str], tags: Mapping[str, str]
    ) -> None:
        self.name = name
        self._client, self._trust, self._policies, self._tags = client, trust, sorted(policy_arns), tags

    def as_thing(self) -> Thing:
        """The role as something to compare and create."""
        return Thing(
            kind="IAM role",
            name=self.name,
            exists=lambda: _is_there(lambda: self._client.get_role(RoleName=self.name)),
            create=self._create,
            traits=[
                Trait(
                    name="taken by",
                    read=lambda: _subjects(self._read_trust()),
                    wanted=lambda: _subjects(comparable(render(self._trust))),
                    write=self._write_trust,
                ),
                Trait(
                    name="trust policy",
                    read=self._read_trust,
                    wanted=lambda: comparable(render(self._trust)),
                    write=self._write_trust,
                ),
                Trait(
                    name="longest session in seconds",
                    read=lambda: self._client.get_role(RoleName=self.name)["Role"]["MaxSessionDuration"],
                    wanted=lambda: _SESSION_SECONDS,
                    write=lambda: self._client.update_role(RoleName=self.name, MaxSessionDuration=_SESSION_SECONDS),
                ),
                Trait(name="attached policies", read=self._read_attached, wanted=lambda: self._policies, write=self._attach),
                Trait(name="inline policies", read=self._read_inline, wanted=list, write=self._remove_inline),
                Trait(
                    name="tags",
                    read=self._read_tags,
                    wanted=lambda: dict(self._tags),
                    write=lambda: self._client.tag_role(RoleName=self.name, Tags=_pairs(self._tags)),
                ),
            ],
        )

    def _create(self) -> None:
        self._client.create_role(
            RoleName=self.name,
            AssumeRolePolicyDocument=render(self._trust),
            Description="Deploys the platform from GitHub Actions",
            MaxSessionDuration=_SESSION_SECONDS,
            Tags=_pairs(self._tags),
        )
        self._client.get_waiter("role_exists").wait(RoleName=self.name)

    def _read_trust(self) -> Comparable:
        return comparable(self._client.get_role(RoleName=self.name)["Role"]["AssumeRolePolicyDocument"])

    def _write_trust(self) -> None:
        self._client.update_assume_role_policy(RoleName=self.name, PolicyDocument=render(self._trust))

    def _read_attached(self) -> list[str]:
        pages = self._client.get_paginator("list_attached_role_policies").paginate(RoleName=self.name)
        return sorted(each["PolicyArn"] for page in pages for each in page["AttachedPolicies"])

    def _attach(self) -> None:
        there = self._read_attached()
        for arn in sorted(set(self._policies) - set(there)):
            self._client.attach_role_policy(RoleName=self.name, PolicyArn=arn)
        for arn in sorted(set(there) - set(self._policies)):
            self._client.detach_role_policy(RoleName=self.name, PolicyArn=arn)

    def _read_inline(self) -> list[str]:
        pages = self._client.get_paginator("list_role_policies").paginate(RoleName=self.name)
        return sorted(each for page in pages for each in page["PolicyNames"])

    def _remove_inline(self) -> None:
        for policy in self._read_inline():
            self._client.delete_role_policy(RoleName=self.name, PolicyName=policy)

    def _read_tags(self) -> dict[str, str]:
        pages = self._client.get_paginator("list_role_tags").paginate(RoleName=self.name)
        return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"] if tag["Key"] in self._tags}


def _subjects(trust: Comparable) -> Sequence[str]:
    """Whose tokens a trust policy accepts; the policy itself is compared too, for whatever else it lets in."""
    found: set[str] = set()
    for statement in trust.values():
        conditions = statement.get("Condition", {}) if isinstance(statement, Mapping) else {}
        for operands in conditions.values():
            named = operands.get(f"{_ISSUER_HOST}:sub", ())
            found.update([named] if isinstance(named, str) else named)
    return sorted(found)


def _is_there(read: Callable[[], object]) -> bool:
    try:
        read()
    except ClientError as error:
        if code_of(error) == "NoSuchEntity":
            return False
        raise
    return True


def _pairs(tags: Mapping[str, str]) -> Any:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
