"""DR-008: where a second region is to take over, the stack has something there, and nothing names a third by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from policies import rabbitmq
from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.regions import PROVIDERS, RECOVERY_KEY, home_regions, normalised, recovery_regions, region_of
from policies.rules.backup.buckets import ACCOUNT, BUCKETS
from policies.rules.backup.offsite import GEO_REDUNDANT
from policies.rules.cluster.node_pools import AKS_CLUSTER, EKS_CLUSTER
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE
from policies.values import UNKNOWN, Value

_AWS: Final = (
    EKS_CLUSTER,
    RDS_INSTANCE,
    RDS_CLUSTER,
    *BUCKETS,
    rabbitmq.AMAZON_MQ,
    "aws:backup/vault:Vault",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:dynamodb/table:Table",
    "aws:ebs/volume:Volume",
    "aws:ec2/instance:Instance",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:ecr/repository:Repository",
    "aws:efs/fileSystem:FileSystem",
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:lambda/function:Function",
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    "aws:secretsmanager/secret:Secret",
    "aws:sns/topic:Topic",
    "aws:sqs/queue:Queue",
)
_AZURE: Final = (
    AKS_CLUSTER,
    AZURE_SERVER,
    ACCOUNT,
    "azure-native:compute:Disk",
    "azure-native:compute:VirtualMachine",
    "azure-native:containerregistry:Registry",
    "azure-native:dataprotection:BackupVault",
    "azure-native:keyvault:Vault",
    "azure-native:network:VirtualNetwork",
    "azure-native:recoveryservices:Vault",
    "azure-native:resources:ResourceGroup",
)
_GLOBAL_SERVICES: Final = "us-east-1"
"""Where AWS keeps the certificates and firewalls of CloudFront, whatever region a stack is in."""
_ZONE: Final = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d+(?=[a-z]$|-)")
"""The region that the name of a zone begins with: that of ``eu-west-1a`` or of ``us-west-2-lax-1a``."""


@stack_rule("DR-008", on=(*PROVIDERS, *_AWS, *_AZURE))
def second_region_is_there_and_comes_from_settings(resources: Sequence[Resource], stack: Stack) -> Findings:
    """Applies where the configuration sets ``plinth:disasterRecovery``."""
    second = recovery_regions(stack)
    if second is None:
        return
    home = home_regions(stack)
    places = {resource.urn: region_of(resource) for resource in resources}
    known = {region for place in places.values() if (region := normalised(place.peek("the first unknown one is noted below"))) is not None}
    is_alone = len(known | home) < 2 and not any(place.is_unknown for place in places.values())  # noqa: PLR2004 # one region, or none
    if resources and is_alone and not any(map(_may_be_copied_by_azure, resources)):
        first = next((each for each in resources if each.type in PROVIDERS), resources[0])
        yield from places[first.urn].refuse(
            f"{RECOVERY_KEY} is set, and nothing of the stack is in a second region: the loss of this one is the loss of all",
            "Add a provider of the second region and what takes over there: copies of backups, a replica, a mirror",
        )
    if home and second:
        allowed = home | second
        for resource in resources:
            for place in _written(resource):
                yield from place.must_satisfy(
                    lambda written: _region_in(written) is None or _region_in(written) in allowed,
                    f"the region is written by hand: the settings know {', '.join(sorted(allowed))}",
                    f"Take {place.path} from the settings",
                )


def _written(resource: Resource) -> Iterator[Value]:
    """Where a resource names a region, or zones of one."""
    if resource.type not in PROVIDERS:
        yield from (resource[key] for key in ("region", "location", "availabilityZone"))
        yield from resource["availabilityZones"].each()
    elif region_of(resource).peek("an unknown one comes from another resource") not in (UNKNOWN, _GLOBAL_SERVICES):
        yield region_of(resource)


def _region_in(written: Any) -> str | None:
    """The region that a name of a region or zone means; None for what is neither, such as Azure's zone ``1``."""
    region = normalised(written)
    zone = None if region is None else _ZONE.match(region)
    return zone[0] if zone else None if region is None or region.isdecimal() else region


def _may_be_copied_by_azure(resource: Resource) -> bool:
    """Whether Azure itself keeps a copy in the paired region, of which no resource tells."""
    if resource.type == ACCOUNT:
        return resource.at("sku.name").may_satisfy(lambda sku: sku in GEO_REDUNDANT)
    return resource.type == AZURE_SERVER and resource.at("backup.geoRedundantBackup").may_equal("Enabled")
