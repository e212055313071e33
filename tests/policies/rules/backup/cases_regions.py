from __future__ import annotations

import json
from dataclasses import replace

from policies.model import Provider, Resource
from policies.regions import PROVIDERS, RECOVERY_KEY
from policies.rules.backup.regions import second_region_is_there_and_comes_from_settings
from policies.rules.database.kinds import RDS_CLUSTER
from policies.values import UNKNOWN
from tests.policies.rules.backup.good import INGRESS
from tests.policies.rules.backup.stores import TAGS
from tests.policies.rules.cases import accepts, cases, changed, configured, good, refuses, undecided
from tests.policies.rules.database.good import SERVER as DATABASE

HOME, AWAY, THIRD = "eu-west-1", "eu-central-1", "ap-northeast-1"
TOLD = {RECOVERY_KEY: json.dumps({"region": AWAY}), "plinth:aws": json.dumps({"region": HOME, "account": "1"})}
UNTOLD = {RECOVERY_KEY: json.dumps({"region": AWAY})}
IN_AZURE = {RECOVERY_KEY: json.dumps({"location": "northeurope"}), "plinth:azure": json.dumps({"location": "westeurope"})}
SET: tuple[dict[str, str], ...] = (TOLD, UNTOLD, {RECOVERY_KEY: "true", "aws:region": HOME})
NOT_SET: tuple[dict[str, str], ...] = ({}, {RECOVERY_KEY: "null"}, {RECOVERY_KEY: "false"}, {RECOVERY_KEY: "{}"}, {RECOVERY_KEY: ""})
AWS = good(PROVIDERS[0], {"region": HOME}, "aws")
SECOND = good(PROVIDERS[0], {"region": AWAY}, "second")
KEY = good("aws:kms/key:Key", {"description": "a key"}, "key")
SUBNET = good("aws:ec2/subnet:Subnet", {"cidrBlock": "10.0.0.0/24"}, "subnet")
AURORA = good(RDS_CLUSTER, {"engine": "aurora-postgresql", "tags": {"platform:rpo": "5m", "platform:rto": "10m"}}, "aurora")
THIRD_PROVIDER = good(PROVIDERS[0], {"region": THIRD}, "third")
MOVED = changed(KEY, {"region": AWAY})
GROUP = good("azure-native:resources:ResourceGroup", {"location": "West Europe"}, "group")
STORE = good("azure-native:storage:StorageAccount", {"location": "westeurope", "sku": {"name": "Standard_RAGZRS"}, "tags": TAGS}, "store")
SERVER = changed(DATABASE, {"location": "westeurope", "tags": TAGS})
MACHINE = good("azure-native:compute:VirtualMachine", {"location": "westeurope", "zones": ["1"]}, "machine")
AWAY_GROUP = good(GROUP.type, {"location": "northeurope"}, "away")


def provided(resource: Resource, region: object) -> Resource:
    """A resource of a provider of some region."""
    return replace(resource, provider=Provider(urn="urn", type=PROVIDERS[0], properties={"region": region}))


CASES = cases(
    second_region_is_there_and_comes_from_settings,
    *(case for config in NOT_SET for case in configured(config, accepts(AWS, beside=[KEY]))),
    *(case for config in SET for case in configured(config, accepts(AWS, beside=[SECOND, KEY]), accepts(AWS, beside=[MOVED]))),
    *configured(
        TOLD,
        accepts(INGRESS),
        accepts(provided(KEY, HOME), beside=[provided(changed(KEY, {}), AWAY)]),
        accepts(KEY, {"region": HOME}, beside=[AWS, SECOND]),
        refuses(provided(KEY, HOME), at="provider.region"),
        refuses(KEY, {"region": THIRD}, beside=[AWS, SECOND]),
        refuses(SUBNET, {"availabilityZone": f"{THIRD}a"}, beside=[AWS, SECOND]),
        refuses(THIRD_PROVIDER, {"region": THIRD}, beside=[AWS, SECOND]),
        refuses(AURORA, {"availabilityZones": [f"{HOME}a", f"{THIRD}c"]}, at="availabilityZones[1]", beside=[AWS, SECOND]),
        *(accepts(SUBNET, {"availabilityZone": zone}, beside=[AWS, SECOND]) for zone in (f"{HOME}a", f"{AWAY}-ber-1a", None)),
        accepts(THIRD_PROVIDER, {"region": "us-east-1"}, beside=[AWS, SECOND]),
        undecided(SUBNET, "availabilityZone", beside=[AWS, SECOND]),
        refuses(SECOND, {"region": HOME}, beside=[AWS]),
        undecided(AWS, "region", beside=[KEY]),
        undecided(KEY, "region", beside=[AWS, SECOND]),
        undecided(provided(KEY, UNKNOWN), "description", at="provider.region", beside=[AWS]),
    ),
    *(case for config in SET for case in configured(config, refuses(AWS, at="region", beside=[KEY]))),
    *configured(
        IN_AZURE,
        accepts(GROUP, beside=[AWAY_GROUP]),
        accepts(MACHINE, beside=[GROUP, AWAY_GROUP]),
        refuses(MACHINE, {"location": "japaneast"}, beside=[GROUP, AWAY_GROUP]),
        accepts(GROUP, beside=[AWAY_GROUP, good(GROUP.type, {"location": "global"}, "zones")]),
        accepts(GROUP, beside=[STORE]),
        accepts(GROUP, beside=[SERVER]),
        refuses(GROUP, at="location", beside=[changed(STORE, {"sku.name": "Standard_ZRS"})]),
        refuses(GROUP, at="location", beside=[changed(SERVER, {"backup.geoRedundantBackup": "Disabled"})]),
        undecided(STORE, "sku.name", beside=[GROUP]),
        refuses(GROUP, at="location"),
        refuses(AWAY_GROUP, {"location": "japaneast"}, beside=[GROUP, good(GROUP.type, {"location": "North Europe"}, "other")]),
    ),
)
