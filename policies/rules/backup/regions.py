"""DR-008: where a second region is to take over, the stack has something there, and nothing names a third by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies import rabbitmq
from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.regions import PROVIDERS, RECOVERY_KEY, home_regions, normalised, recovery_regions, region_of
from policies.rules.backup.buckets import ACCOUNT, BUCKETS
from policies.rules.backup.offsite import GEO_REDUNDANT
from policies.rules.cluster.node_pools import AKS_CLUSTER, EKS_CLUSTER
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE

_AWS: Final = (
    EKS_CLUSTER,
    RDS_INSTANCE,
    RDS_CLUSTER,
    *BUCKETS,
    rabbitmq.AMAZON_MQ,
    "aws:backup/vault:Vault",
    "aws:dynamodb/table:Table",
    "aws:ec2/vpc:Vpc",
    "aws:ecr/repository:Repository",
    "aws:efs/fileSystem:FileSystem",
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    "aws:secretsmanager/secret:Secret",
)
_AZURE: Final = (
    AKS_CLUSTER,
    AZURE_SERVER,
    ACCOUNT,
    "azure-native:containerregistry:Registry",
    "azure-native:dataprotection:BackupVault",
    "azure-native:keyvault:Vault",
    "azure-native:network:VirtualNetwork",
    "azure-native:recoveryservices:Vault",
    "azure-native:resources:ResourceGroup",
)


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
            if resource.type not in PROVIDERS:
                for key in ("region", "location"):
                    yield from resource[key].must_satisfy(
                        lambda region: normalised(region) is None or normalised(region) in allowed,
                        f"the region is written by hand: the settings know {', '.join(sorted(allowed))}",
                        f"Take {resource[key].path} from the settings",
                    )


def _may_be_copied_by_azure(resource: Resource) -> bool:
    """Whether Azure itself keeps a copy in the paired region, of which no resource tells."""
    if resource.type == ACCOUNT:
        sku = resource.at("sku.name")
        return sku.is_unknown or sku.peek("an unknown one may be copied") in GEO_REDUNDANT
    return resource.type == AZURE_SERVER and resource.at("backup.geoRedundantBackup").may_equal("Enabled")
