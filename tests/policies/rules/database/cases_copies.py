from __future__ import annotations

from dataclasses import replace
from typing import Any

from policies.model import Provider, Resource
from policies.rules.database.copies import GLOBAL_CLUSTER, REPLICATION, VAULT, postgres_has_a_copy_in_another_region
from policies.rules.database.kinds import RDS_INSTANCE
from policies.rules.database.selections import PLAN, SELECTION
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided, urn_of
from tests.policies.rules.database.good import (
    AZURE_REPLICA,
    BACKUP_PLAN,
    CLUSTER,
    EVERYTHING,
    INSTANCE,
    MEMBERS,
    MULTI_AZ_CLUSTER,
    MYSQL,
    REPLICA,
    SERVER,
    SERVER_ID,
    members,
)

ARN = "arn:aws:rds:eu-west-1:123456789012:db:plinth-production"
NAME, CLUSTER_NAME, GEO = "identifier", "clusterIdentifier", "backup.geoRedundantBackup"
SOURCE, REDUNDANT = "replicateSourceDb", {GEO: "Disabled"}
ENTERPRISE = changed(INSTANCE, {"tags": {"tier": "enterprise"}})


def replication(source: Any, *after: str) -> Resource:
    return good(REPLICATION, {"sourceDbInstanceArn": source, "retentionPeriod": 30.0}, "replication", after=after)


def provided(region: Any, name: str) -> Provider:
    return Provider(urn=urn_of("pulumi:providers:aws", name), type="pulumi:providers:aws", properties={"region": region})


def replica(source: Any, region: str | None = None, *after: str) -> Resource:
    return good(RDS_INSTANCE, {**REPLICA.properties, SOURCE: source, **({"region": region} if region else {})}, "replica", after=after)


def selection(**choice: Any) -> Resource:
    return good(SELECTION, {"name": "some", "iamRoleArn": UNKNOWN, "planId": UNKNOWN, **choice}, "some", after=[BACKUP_PLAN.urn])


def vault(name: str, region: str | None = None) -> Resource:
    return good(VAULT, {"name": name, **({"region": region} if region else {})}, name)


def planned(*vaults: Resource, target: Any = "databases") -> Resource:
    rule = {"ruleName": "daily", "targetVaultName": target, "copyActions": [{"destinationVaultArn": UNKNOWN}]}
    return good(PLAN, {"name": "databases", "rules": [rule]}, "plan", after=[each.urn for each in vaults])


DESTINATION = "rules[0].copyActions[0].destinationVaultArn"
HOME = "arn:aws:backup:eu-west-1:123456789012:backup-vault:copies"
IN_IRELAND = changed(INSTANCE, {"region": "eu-west-1"})
GLOBAL = good(GLOBAL_CLUSTER, {"globalClusterIdentifier": "world"}, "world")
FIRST = changed(CLUSTER, {"globalClusterIdentifier": "world", "region": "eu-west-1"})
SECOND = good(
    CLUSTER.type,
    {**CLUSTER.properties, CLUSTER_NAME: "second", "globalClusterIdentifier": UNKNOWN, "region": "eu-central-1"},
    "second",
    after=[GLOBAL.urn],
)
TAGGED = changed(INSTANCE, {"tags": {"backup": "daily", "stage": "production"}})
LOCAL, AWAY = vault("local"), vault("away", "eu-central-1")
REMOTE = replace(vault("remote"), provider=provided("eu-central-1", "second"))
HOME_BY_PROVIDER = replace(INSTANCE, provider=provided("eu-west-1", "aws"))
LATER = replica(UNKNOWN, None, INSTANCE.urn)
AZURE_COPY = changed(AZURE_REPLICA, {"sourceServerResourceId": SERVER_ID, "location": "North Europe"})
HERE = {"location": "westeurope"}

CASES = cases(
    postgres_has_a_copy_in_another_region,
    accepts(INSTANCE, beside=[replication(ARN)]),
    accepts(INSTANCE, beside=[changed(replication(ARN), {"region": "eu-central-1"})]),
    accepts(INSTANCE, beside=[replication(UNKNOWN, INSTANCE.urn)]),
    accepts(INSTANCE, beside=[replication(ARN.replace("plinth-production", "db-1ABCDE"), INSTANCE.urn)]),
    accepts(INSTANCE, beside=[replica(ARN, "eu-central-1")]),
    accepts(INSTANCE, beside=[replica(UNKNOWN, "eu-central-1", INSTANCE.urn)]),
    accepts(INSTANCE, beside=[BACKUP_PLAN, EVERYTHING]),
    accepts(INSTANCE, beside=[BACKUP_PLAN]),
    accepts(HOME_BY_PROVIDER, beside=[replace(LATER, provider=provided("eu-central-1", "second"))]),
    accepts(HOME_BY_PROVIDER, beside=[planned(REMOTE), EVERYTHING, REMOTE]),
    accepts(MYSQL),
    accepts(REPLICA),
    accepts(SERVER),
    accepts(SERVER, {**REDUNDANT, **HERE}, beside=[AZURE_COPY]),
    accepts(FIRST, beside=[*MEMBERS, GLOBAL, SECOND, *members(2, "second")]),
    accepts(CLUSTER, beside=[*MEMBERS, BACKUP_PLAN, EVERYTHING]),
    *(
        accepts(TAGGED, beside=[BACKUP_PLAN, selection(**choice)])
        for choice in (
            {},
            {"resources": [ARN]},
            {"resources": ["arn:aws:rds:*:*:db:*"]},
            {"resources": ["arn:aws:rds:*"]},
            {"resources": ["arn:aws:ec2:*:*:volume/*"], "selectionTags": [{"type": "STRINGEQUALS", "key": "backup", "value": "daily"}]},
            {"resources": ["*"], "conditions": [{"stringEquals": [{"key": "aws:ResourceTag/stage", "value": "production"}]}]},
            {"resources": ["*"], "notResources": ["arn:aws:rds:*:*:cluster:*"]},
        )
    ),
    accepts(INSTANCE, beside=[planned(LOCAL, AWAY, target=UNKNOWN), EVERYTHING, LOCAL, AWAY]),
    accepts(ENTERPRISE, beside=[replication(ARN)]),
    refuses(INSTANCE, at=NAME),
    refuses(INSTANCE, at=NAME, beside=[replication(ARN.replace("plinth", "other"))]),
    refuses(INSTANCE, at=NAME, beside=[replication(UNKNOWN, urn_of(RDS_INSTANCE, "other"))]),
    refuses(INSTANCE, at=NAME, beside=[changed(replication(ARN), {"region": "eu-west-1"})]),
    refuses(IN_IRELAND, at=NAME, beside=[changed(replication(UNKNOWN, INSTANCE.urn), {"region": "eu-west-1"})]),
    refuses(INSTANCE, at=NAME, beside=[replica("plinth-production")]),
    refuses(INSTANCE, at=NAME, beside=[replica(UNKNOWN, None, INSTANCE.urn)]),
    refuses(HOME_BY_PROVIDER, at=NAME, beside=[replace(LATER, provider=provided("eu-west-1", "again"))]),
    refuses(IN_IRELAND, at=NAME, beside=[replica(ARN, "eu-west-1")]),
    refuses(INSTANCE, at=NAME, beside=[EVERYTHING]),
    refuses(INSTANCE, at=NAME, beside=[changed(BACKUP_PLAN, {"rules[0].copyActions": []}), EVERYTHING]),
    refuses(IN_IRELAND, at=NAME, beside=[changed(BACKUP_PLAN, {DESTINATION: HOME}), EVERYTHING]),
    refuses(INSTANCE, at=NAME, beside=[planned(LOCAL, vault("other"), target=UNKNOWN), EVERYTHING, LOCAL, vault("other")]),
    refuses(INSTANCE, at=NAME, beside=[planned(LOCAL), EVERYTHING, LOCAL]),
    *(
        refuses(TAGGED, at=NAME, beside=[BACKUP_PLAN, selection(**choice)])
        for choice in (
            {"resources": ["arn:aws:rds:*:*:cluster:*"]},
            {"resources": ["arn:aws:rds:*:*:db:other-*"]},
            {"resources": ["arn:aws:dynamodb:*"]},
            {"resources": ["*"], "notResources": ["arn:aws:rds:*:*:db:*"]},
            {"selectionTags": [{"type": "STRINGEQUALS", "key": "backup", "value": "hourly"}]},
            {"resources": ["*"], "conditions": [{"stringEquals": [{"key": "aws:ResourceTag/stage", "value": "staging"}]}]},
            {"resources": ["*"], "conditions": [{"stringNotLikes": [{"key": "aws:ResourceTag/stage", "value": "prod*"}]}]},
        )
    ),
    refuses(CLUSTER, at=CLUSTER_NAME, beside=MEMBERS),
    refuses(MULTI_AZ_CLUSTER, at=CLUSTER_NAME, beside=[BACKUP_PLAN, EVERYTHING]),
    refuses(FIRST, at=CLUSTER_NAME, beside=[*MEMBERS, GLOBAL]),
    refuses(SERVER, REDUNDANT),
    refuses(SERVER, {"backup": {"backupRetentionDays": 30.0}}, at=GEO),
    refuses(SERVER, {**HERE, **REDUNDANT}, beside=[changed(AZURE_COPY, {"location": "West Europe"})]),
    refuses(SERVER, REDUNDANT, beside=[changed(AZURE_COPY, {"sourceServerResourceId": SERVER_ID.replace("plinth", "other")})]),
    refuses(ENTERPRISE, at=NAME, beside=[BACKUP_PLAN, EVERYTHING]),
    undecided(replication(ARN), "sourceDbInstanceArn", beside=[INSTANCE]),
    undecided(SERVER, GEO),
    undecided(INSTANCE, "engine"),
    undecided(BACKUP_PLAN, DESTINATION, beside=[INSTANCE, EVERYTHING]),
    undecided(replica(ARN, "eu-central-1", INSTANCE.urn), "region", {SOURCE: UNKNOWN}, beside=[INSTANCE], at="region"),
    undecided(selection(resources=[ARN]), "resources[0]", beside=[INSTANCE, BACKUP_PLAN]),
)
