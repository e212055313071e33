"""PG-012 and DR-007: what a production database holds is kept in a second region, too.

By replicated backups, a replica, or AWS Backup. The last copies snapshots alone, which lose the hours
since: for a database of the enterprise tier PG-007 asks for one of the others. RDS copies nothing of a
Multi-AZ DB cluster that is not Aurora (its user guide, limitations). CloudNativePG archives into a store
that is not in its cluster; where that lies, its address does not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from policies.deciding import may_any
from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.regions import home_regions, normalised, region_of
from policies.rules.database import selections
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE, is_postgres_primary
from policies.rules.database.references import IDENTIFIERS, may_name
from policies.rules.database.tiers import about, is_enterprise
from policies.urns import type_of
from policies.values import UNKNOWN, Value

REPLICATION: Final = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
GLOBAL_CLUSTER: Final = "aws:rds/globalCluster:GlobalCluster"
VAULT: Final = "aws:backup/vault:Vault"
DATABASES: Final = (RDS_INSTANCE, RDS_CLUSTER, AZURE_SERVER)

_SOURCES: Final = {RDS_INSTANCE: "replicateSourceDb", RDS_CLUSTER: "replicationSourceIdentifier", AZURE_SERVER: "sourceServerResourceId"}
_ELSEWHERE: Final = "where an address is unknown, the dependency tells"
_PROBLEM: Final = "nothing of the production database is kept in a second region: with its region it is lost"
_ONLY_SNAPSHOTS: Final = (
    "only snapshots of an enterprise database reach a second region: the hours since the last one are lost with its region"
)
_CURES: Final = {
    RDS_INSTANCE: f"Add an {REPLICATION} of its ARN in another region",
    RDS_CLUSTER: f"Add a secondary cluster of an {GLOBAL_CLUSTER}, or a plan of AWS Backup with copyActions to another region",
    AZURE_SERVER: 'Set backup.geoRedundantBackup to "Enabled" when the server is made, or add a replica in another region',
}
_OF_MULTI_AZ: Final = "Use a Multi-AZ instance: RDS copies neither backups nor snapshots of a Multi-AZ DB cluster"


@stack_rule(
    "PG-012", "DR-007", "PG-007", "DR-002", on=(*DATABASES, REPLICATION, GLOBAL_CLUSTER, selections.PLAN, selections.SELECTION, VAULT)
)
def postgres_has_a_copy_in_another_region(resources: Sequence[Resource], stack: Stack) -> Findings:
    """Primaries of PostgreSQL, whose copies name them or depend on them."""
    by_type: dict[str, list[Resource]] = {}
    for each in resources:
        by_type.setdefault(each.type, []).append(each)
    for database in (each for token in DATABASES for each in by_type.get(token, ())):
        if is_postgres_primary(database) and not _may_be_followed(database, by_type, stack):
            if not _may_be_copied(database, by_type, stack):
                found = _place(database).refuse(_PROBLEM, _OF_MULTI_AZ if _is_multi_az_cluster(database) else _CURES[database.type])
                yield from about(found, database, "PG-012", "DR-007", enterprise=("PG-007", "DR-002"))
            elif is_enterprise(database):
                yield from about(_place(database).refuse(_ONLY_SNAPSHOTS, _CURES[database.type]), database, enterprise=("PG-007",))


def _place(database: Resource) -> Value:
    if database.type == AZURE_SERVER:
        return database.at("backup.geoRedundantBackup")
    return database[IDENTIFIERS[database.type]].provided(database["engine"])


def _is_multi_az_cluster(database: Resource) -> bool:
    return database.type == RDS_CLUSTER and database["dbClusterInstanceClass"].is_present


def _may_be_followed(database: Resource, by_type: dict[str, list[Resource]], stack: Stack) -> bool:
    """Whether backups go along, or a replica follows in another region, within minutes."""
    if database.type == AZURE_SERVER and database.at("backup.geoRedundantBackup").may_equal("Enabled"):
        return True
    replications = by_type.get(REPLICATION, ()) if database.type == RDS_INSTANCE else ()
    if may_any(_pairs(replications), lambda each: _may_take_away(each, database, stack)):
        return True
    others = [each for each in by_type[database.type] if each is not database]
    if may_any(_pairs(others), lambda each: _may_replicate(each, database, stack)):
        return True
    own = _globals_of(database, by_type)
    partners = [each for each in others if own & _globals_of(each, by_type)] if database.type == RDS_CLUSTER else []
    return may_any(_pairs(partners), lambda each: _may_be_apart(each, database, stack))


def _may_take_away(replication: Resource, database: Resource, stack: Stack) -> bool:
    """Whether backups of a database are replicated, and not known to stay in its region, which RDS refuses."""
    if not may_name(replication, "sourceDbInstanceArn", database):
        return False
    source, there = replication["sourceDbInstanceArn"].peek(_ELSEWHERE), normalised(region_of(replication).peek(_ELSEWHERE))
    here = _region_in(source) if isinstance(source, str) else None
    here = here or normalised(region_of(database).peek(_ELSEWHERE))
    return there is None or there not in ({here} if here else home_regions(stack))


def _pairs(resources: Sequence[Resource]) -> Iterator[tuple[Resource, Resource]]:
    return ((each, each) for each in resources)


def _may_replicate(replica: Resource, database: Resource, stack: Stack) -> bool:
    """Whether a replica follows a database from another region; within its own, RDS takes an identifier in place of an ARN."""
    key = _SOURCES[database.type]
    source = replica[key].peek(_ELSEWHERE)
    if not may_name(replica, key, database):
        return False
    if database.type != AZURE_SERVER and isinstance(source, str):
        return source.startswith("arn:") and _region_in(source) != normalised(region_of(replica).peek(_ELSEWHERE))
    return _may_be_apart(replica, database, stack)


def _globals_of(cluster: Resource, by_type: dict[str, list[Resource]]) -> set[str]:
    """The global clusters that a cluster belongs to, by identifier and URN."""
    named = cluster["globalClusterIdentifier"].peek(_ELSEWHERE)
    found = {urn for urn in cluster.dependencies if type_of(urn) == GLOBAL_CLUSTER} | ({named} if isinstance(named, str) else set())
    for each in by_type.get(GLOBAL_CLUSTER, ()):
        own = each["globalClusterIdentifier"].peek(_ELSEWHERE)
        identifiers = {own} if isinstance(own, str) else set()
        if found & {each.urn, *identifiers} or may_name(each, "sourceDbClusterIdentifier", cluster):
            found |= {each.urn, *identifiers}
    return found


def _may_be_apart(one: Resource, other: Resource, stack: Stack) -> bool:
    """Whether two resources are in different regions; where neither says which, they are if their providers differ."""
    places = [region_of(one), region_of(other)]
    if any(place.is_unknown for place in places):
        return True
    first, second = (normalised(place.get()) for place in places)
    if first is None and second is None:
        providers = {each.provider.urn for each in (one, other) if each.provider is not None}
        return len(providers) > 1
    home = home_regions(stack)
    return first != second if first and second else (first or second) not in home


def _may_be_copied(database: Resource, by_type: dict[str, list[Resource]], stack: Stack) -> bool:
    """Whether a plan of AWS Backup that takes a database copies what it makes to another region."""
    if database.type == AZURE_SERVER or _is_multi_az_cluster(database):
        return False
    chosen = by_type.get(selections.SELECTION, ())
    return any(
        _may_select(plan, chosen, database)
        and may_any(
            ((plan, action) for rule in plan["rules"].each() for action in rule["copyActions"].each()),
            lambda action: _may_lead_away(action, plan, database, by_type, stack),  # noqa: B023
        )
        for plan in by_type.get(selections.PLAN, ())
    )


def _may_select(plan: Resource, chosen: Sequence[Resource], database: Resource) -> bool:
    """Whether a selection of a plan takes a database; a plan that has none here gets them where its databases are."""
    own = [each for each in chosen if selections.may_be_of(each, plan)]
    return not own or may_any(_pairs(own), lambda each: selections.may_take(each, database))


def _may_lead_away(action: Value, plan: Resource, database: Resource, by_type: dict[str, list[Resource]], stack: Stack) -> bool:
    """Whether copies go to a vault of another region: by its ARN, else by the vaults of the stack that the plan depends on."""
    destination = action["destinationVaultArn"]
    arn = destination.peek(_ELSEWHERE)
    if isinstance(arn, str):
        return _region_in(arn) not in {
            None,
            *home_regions(stack),
            *(normalised(region_of(each).peek(_ELSEWHERE)) for each in (plan, database)),
        }
    vaults = [each for each in by_type.get(VAULT, ()) if each.urn in plan.dependencies]
    if any(_may_be_apart(each, database, stack) for each in vaults):
        return True
    # One of them is that in which backups are made.
    has_own = any(rule["targetVaultName"].peek(_ELSEWHERE) is UNKNOWN for rule in plan["rules"].each())
    return len(vaults) <= has_own and destination.is_unknown


def _region_in(arn: str) -> str | None:
    """The region of an ARN such as ``arn:aws:backup:eu-central-1:111122223333:backup-vault:copies``."""
    steps = arn.split(":")
    return normalised(steps[3]) if arn.startswith("arn:") and len(steps) > len("arn") else None
