"""What an account of AWS holds before the first stack: state, keys, and the role that deploys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.aws.deployer import SESSION_HOURS, DeployerRole, github_provider, managed_policy, provider_arn, trust_statements
from accounts.aws.documents import Statement
from accounts.aws.keys import Key, key_statements
from accounts.aws.permissions import identity_statements, infrastructure_statements, state_statements
from accounts.aws.session import AwsAccount, calling
from accounts.aws.state_bucket import StateBucket
from accounts.github import Workflows
from accounts.project import check_project
from accounts.steps import Thing


@dataclass(frozen=True, kw_only=True)
class AwsBootstrap:
    """The names of everything, and how it hangs together."""

    account: AwsAccount
    project: str
    workflows: Workflows
    second_region: str | None = None
    """The region that the stacks keep copies in."""

    def __post_init__(self) -> None:
        """Refuse a project whose name a bucket cannot have.

        Raises:
            AccountError: says what is allowed.
        """
        check_project(self.project)

    @property
    def bucket(self) -> str:
        """Bucket names are unique among all customers of AWS; the account and region make it so."""
        return f"{self.project}-state-{self.account.account_id}-{self.account.region}"

    @property
    def deployer(self) -> str:
        """The name of the role."""
        return f"{self.project}-deployer"

    @property
    def deployer_arn(self) -> str:
        """The ARN of the role, which ``plinth:cluster.adminRoleArns`` takes."""
        return self._iam(f"role/{self.deployer}")

    @property
    def things(self) -> Sequence[Thing]:
        """Everything, in the order in which one needs another."""
        account, tags = self.account, {"project": self.project, "managed-by": "plinth-bootstrap"}
        client = account.session.client
        config = calling(account.region)
        kms, s3, iam = client("kms", config=config), client("s3", config=config), client("iam", config=config)
        governed = key_statements(partition=account.partition, account_id=account.account_id, deployer_arn=self.deployer_arn)
        state, secrets = (
            Key(kms, f"{self.project}-{role}", description=description, statements=governed, tags=tags)
            for role, description in {"state": "Encrypts the state of Pulumi", "secrets": "Encrypts secrets in the state of Pulumi"}.items()
        )
        bucket = StateBucket(
            s3,
            self.bucket,
            region=account.region,
            account_id=account.account_id,
            key=state,
            deployer_arn=self.deployer_arn,
            tags=tags,
        )

        def of_state() -> Sequence[Statement]:
            return state_statements(
                bucket_arn=f"arn:{account.partition}:s3:::{self.bucket}",
                key_arns={key.alias: key.arn or f"{key.alias}, which is created" for key in (state, secrets)},
            )

        def of_infrastructure() -> Sequence[Statement]:
            return infrastructure_statements(
                partition=account.partition,
                region=account.region,
                account_id=account.account_id,
                project=self.project,
                second_region=self.second_region,
            )

        def of_identities() -> Sequence[Statement]:
            return identity_statements(
                partition=account.partition, account_id=account.account_id, project=self.project, deployer=self.deployer
            )

        # Apart, each stays well below the 6,144 characters that IAM takes.
        policies = {
            self._iam(f"policy/{self.deployer}-{role}"): (statements, description)
            for role, statements, description in (
                ("infrastructure", of_infrastructure, "Network, cluster, database, logs and alarms"),
                ("identities", of_identities, "Roles of the stacks, and what they may be given"),
                ("state", of_state, "The state of Pulumi and its keys"),
            )
        }
        provider = provider_arn(partition=account.partition, account_id=account.account_id)
        return (
            state.as_thing(),
            secrets.as_thing(),
            bucket.as_thing(),
            github_provider(iam, partition=account.partition, account_id=account.account_id, tags=tags),
            *(
                managed_policy(iam, arn, statements, description=description, tags=tags)
                for arn, (statements, description) in policies.items()
            ),
            DeployerRole(
                iam, self.deployer, trust=trust_statements(self.workflows, provider=provider), policy_arns=tuple(policies), tags=tags
            ).as_thing(),
        )

    @property
    def next_steps(self) -> Sequence[tuple[str, Sequence[str]]]:
        """What to do with it: a heading, and lines to copy."""
        region = self.account.region
        return (
            (
                "Log in to the state, and create a stack whose secrets its key encrypts:",
                (
                    f"pulumi login 's3://{self.bucket}?region={region}'",
                    f"pulumi stack init STACK --secrets-provider='awskms://alias/{self.project}-secrets?region={region}'",
                ),
            ),
            (
                "Let the role into the clusters, in each stack's file:",
                (
                    "plinth:aws:",
                    f"  region: {region}",
                    f'  account: "{self.account.account_id}"',
                    "plinth:cluster:",
                    f"  adminRoleArns: [{self.deployer_arn}]",
                ),
            ),
            (
                "Sign in with it in a workflow of GitHub Actions, in a job with `permissions: {id-token: write}`:",
                (
                    "uses: aws-actions/configure-aws-credentials",
                    "with:",
                    f"  role-to-assume: {self.deployer_arn}",
                    f"  aws-region: {region}",
                    f"  role-duration-seconds: {SESSION_HOURS * 3600}",
                ),
            ),
        )

    def _iam(self, resource: str) -> str:
        return f"arn:{self.account.partition}:iam::{self.account.account_id}:{resource}"
