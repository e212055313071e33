"""From a stack as it is declared to what its account really holds, and what is to be said of that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from accounts.aws.session import AwsAccount, sign_in
from accounts.errors import AccountError
from offline.analysis import Pack
from offline.recording import Diagnostic, RecordedResource, Run
from verification.aws.keeping import BACKUP_PLAN, BACKUP_VAULT, BUCKET, DEFAULT_ENCRYPTION, KEY, LOG_GROUP
from verification.aws.reading import read_account
from verification.aws.scope import Scope
from verification.drift import Drift, find_drift
from verification.judging import judge
from verification.live import Reading
from verification.matching import match, names_of, parameters_of

_PROVIDER: Final = "pulumi:providers:aws"
_LEFT_BEHIND: Final = frozenset({BACKUP_PLAN, BACKUP_VAULT, BUCKET, KEY, LOG_GROUP})
"""Types of which a stack leaves some behind on purpose when it is taken down."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was read of an account, what the pack says of it, and where it differs from the program."""

    account: AwsAccount
    reading: Reading
    diagnostics: Sequence[Diagnostic]
    drift: Sequence[Drift]
    notes: Sequence[str]


def verify(
    declared: Run,
    pack: Pack,
    *,
    config: Mapping[str, str],
    secret_keys: frozenset[str],
    progress: Callable[[str], object] = lambda _: None,
) -> Verification:
    """Read what ``declared`` stands for in its account, with calls that change nothing.

    Raises:
        AccountError: the stack is not on AWS, the credentials are not of its account, or nothing of it is there.
        CloudError: AWS cannot be reached.
    """
    region, account_id = _place(declared)
    declared, elsewhere = _split(declared)
    progress("Signing in")
    account = sign_in(region=region, account_id=account_id)
    scope = Scope(
        account=account,
        project=declared.project,
        stack=declared.stack,
        names=names_of(declared.resources),
        parameters=parameters_of(declared.resources),
    )
    reading = read_account(scope, progress)
    if not reading.gaps and all(each.type == DEFAULT_ENCRYPTION for each in reading.resources):
        raise AccountError(
            f"nothing of {declared.project}-{declared.stack} is in the account {account_id} in {region}: has the stack been deployed?"
        )
    diagnostics = judge(reading.resources, declared, pack, elsewhere=elsewhere, config=config, secret_keys=secret_keys)
    return Verification(
        account=account,
        reading=reading,
        diagnostics=diagnostics,
        drift=tuple(find_drift(declared.resources, reading)),
        notes=tuple(_notes(declared, reading)),
    )


def _notes(declared: Run, reading: Reading) -> Iterator[str]:
    """What neither a rule nor the program speaks of, and whoever looks after the account wants to know."""
    matched = {one.arn for one in match(declared.resources, reading.resources).values()}
    for each in reading.resources:
        if each.type == DEFAULT_ENCRYPTION and not each.inputs["enabled"]:
            yield f"EBS does not encrypt new volumes by default in {each.key}: the platform's do, those of others may not"
        if each.type == BUCKET and not each.inputs["publicAccessBlocked"]:
            yield f"{each.arn} does not block public access"
        if each.type == BUCKET and not each.inputs["versioning"]["enabled"]:
            yield f"{each.arn} keeps no versions"
        if each.type in _LEFT_BEHIND and each.arn not in matched:
            yield f"{each.arn} carries the stack's tags, and the program does not declare it"


def _split(declared: Run) -> tuple[Run, Sequence[RecordedResource]]:
    """The run as far as it is looked at, and what is not: in the cluster, in a second region, and providers."""
    _, *others = [each.urn for each in declared.resources if each.type == _PROVIDER]
    seen, unseen = [], []
    for each in declared.resources:
        provider = each.provider.rpartition("::")[0]
        if each.custom and (provider in others or not each.type.startswith("aws:")):
            unseen.append(each)
        else:
            seen.append(each)
    return replace(declared, resources=seen), unseen


def _place(declared: Run) -> tuple[str, str]:
    """Region and account, as the first of the stack's providers is bound to them; a second one is that of copies."""
    for resource in declared.resources:
        if resource.type == _PROVIDER:
            [account] = json.loads(resource.inputs["allowedAccountIds"])
            return str(resource.inputs["region"]), str(account)
    raise AccountError(f"the stack {declared.stack} is not on AWS: none of its resources has AWS's provider")
