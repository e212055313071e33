from __future__ import annotations

from typing import Any

import pytest

from policies.model import Rule
from policies.rules.database.backup_retention import BACKUP_RETENTION
from policies.rules.database.deletion import AZURE_LOCK, LOCK_BY_SCOPE, LOCK_OF_GROUP, LOCK_OF_RESOURCE, LOCK_OF_SUBSCRIPTION
from policies.rules.database.exposure import AZURE_ENDPOINT, AZURE_FIREWALL, FIREWALL_TYPE
from policies.rules.database.high_availability import INSTANCE_STANDBY
from policies.rules.database.kinds import AZURE_SERVER
from policies.rules.database.transport import AZURE_CONFIGURATION, AZURE_PARAMETERS
from policies.values import UNKNOWN
from tests.policies.rules.database.fixtures import RULES, SERVER
from tests.policies.rules.judging import STAGING, changed, judge, only, resource, undecided, urn_of

GROUP = urn_of("azure-native:resources:ResourceGroup", "data")
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
SERVER_ID = f"{SUBSCRIPTION}/resourceGroups/data/providers/Microsoft.DBforPostgreSQL/flexibleServers/plinth"


def test_a_protected_server_is_clean() -> None:
    server = resource(AZURE_SERVER, SERVER, protect=True)
    assert judge(RULES, server) == []
    assert undecided(server) == []


@pytest.mark.parametrize(
    ("path", "value", "rule", "where"),
    [
        ("highAvailability/mode", "SameZone", INSTANCE_STANDBY, "highAvailability.mode = 'SameZone'"),
        ("highAvailability/mode", "Disabled", INSTANCE_STANDBY, "highAvailability.mode = 'Disabled'"),
        ("highAvailability", None, INSTANCE_STANDBY, "highAvailability.mode = not set"),
        ("backup/backupRetentionDays", 14.0, BACKUP_RETENTION, "backup.backupRetentionDays = 14"),
        ("backup", None, BACKUP_RETENTION, "backup.backupRetentionDays = not set"),
        ("network", {"publicNetworkAccess": "Enabled"}, AZURE_ENDPOINT, "network.publicNetworkAccess = 'Enabled'"),
        ("network", None, AZURE_ENDPOINT, "network.publicNetworkAccess = not set"),
    ],
)
def test_one_broken_field_is_the_one_violation(path: str, value: Any, rule: Rule, where: str) -> None:
    only(judge(RULES, resource(AZURE_SERVER, changed(SERVER, path, value), protect=True)), rule, where)


@pytest.mark.parametrize("path", ["highAvailability/mode", "backup/backupRetentionDays", "network", "createMode"])
def test_what_is_unknown_is_undecided(path: str) -> None:
    server = resource(AZURE_SERVER, changed(SERVER, path, UNKNOWN), protect=True)
    assert judge(RULES, server) == []
    assert undecided(server) == [path.replace("/", ".")]


def test_a_server_behind_private_endpoints_is_clean() -> None:
    assert judge(RULES, resource(AZURE_SERVER, changed(SERVER, "network", {"publicNetworkAccess": "Disabled"}), protect=True)) == []


def test_azures_week_of_backups_is_enough_outside_production() -> None:
    assert judge([BACKUP_RETENTION], resource(AZURE_SERVER, changed(SERVER, "backup", None)), facts=STAGING) == []


def test_a_replica_leaves_standby_backups_and_lock_to_its_primary() -> None:
    replica = {"createMode": "Replica", "sourceServerResourceId": UNKNOWN, "network": SERVER["network"]}
    assert judge(RULES, resource(AZURE_SERVER, replica)) == []


@pytest.mark.parametrize(
    ("token", "properties"),
    [
        (LOCK_BY_SCOPE, {"scope": SERVER_ID, "level": "CanNotDelete"}),
        (LOCK_BY_SCOPE, {"scope": f"{SUBSCRIPTION}/resourcegroups/DATA/", "level": "ReadOnly"}),
        (LOCK_BY_SCOPE, {"scope": SUBSCRIPTION, "level": "CanNotDelete"}),
        (LOCK_BY_SCOPE, {"scope": UNKNOWN, "level": "CanNotDelete"}),
        (LOCK_OF_RESOURCE, {"resourceName": "plinth", "resourceType": "flexibleServers", "level": "CanNotDelete"}),
        (LOCK_OF_RESOURCE, {"resourceName": UNKNOWN, "level": "CanNotDelete"}),
        (LOCK_OF_GROUP, {"resourceGroupName": "Data", "level": "CanNotDelete"}),
        (LOCK_OF_SUBSCRIPTION, {"level": "CanNotDelete"}),
    ],
)
def test_a_lock_that_covers_the_server_protects_it(token: str, properties: dict[str, Any]) -> None:
    resources = [resource(AZURE_SERVER, SERVER), resource(token, properties, "lock")]
    assert judge(RULES, *resources) == []
    assert undecided(*resources) == []


@pytest.mark.parametrize(
    ("token", "properties"),
    [
        (LOCK_BY_SCOPE, {"scope": SERVER_ID, "level": "NotSpecified"}),
        (LOCK_BY_SCOPE, {"scope": SERVER_ID}),
        (LOCK_BY_SCOPE, {"scope": SERVER_ID.replace("plinth", "other"), "level": "CanNotDelete"}),
        (LOCK_BY_SCOPE, {"scope": f"{SUBSCRIPTION}/resourceGroups/other", "level": "CanNotDelete"}),
        (LOCK_BY_SCOPE, {"scope": SERVER_ID.replace("flexibleServers", "other"), "level": "CanNotDelete"}),
        (LOCK_OF_RESOURCE, {"resourceName": "vault", "level": "CanNotDelete"}),
        (LOCK_OF_GROUP, {"resourceGroupName": "other", "level": "CanNotDelete"}),
    ],
)
def test_another_lock_does_not_protect_the_server(token: str, properties: dict[str, Any]) -> None:
    server = resource(AZURE_SERVER, SERVER)
    finding = only(judge(RULES, server, resource(token, properties, "lock")), AZURE_LOCK, "options.protect = false")
    assert finding.urn == server.urn


def test_a_server_without_lock_or_protection_is_the_one_violation() -> None:
    only(judge(RULES, resource(AZURE_SERVER, SERVER)), AZURE_LOCK, "options.protect = false")


def test_a_lock_on_an_unknown_scope_covers_what_it_depends_on() -> None:
    server = resource(AZURE_SERVER, SERVER, depends_on=[GROUP])
    locked = {"scope": UNKNOWN, "level": "CanNotDelete"}
    assert judge(RULES, server, resource(LOCK_BY_SCOPE, locked, "lock", depends_on=[server.urn])) == []
    assert judge(RULES, server, resource(LOCK_BY_SCOPE, locked, "lock", depends_on=[GROUP])) == []
    elsewhere = resource(LOCK_BY_SCOPE, locked, "lock", depends_on=[urn_of("azure-native:keyvault:Vault", "vault")])
    only(judge(RULES, server, elsewhere), AZURE_LOCK, "options.protect = false")


def test_a_lock_on_an_unknown_group_covers_what_depends_on_that_group() -> None:
    server = resource(AZURE_SERVER, changed(SERVER, "resourceGroupName", UNKNOWN), depends_on=[GROUP])
    locked = {"resourceGroupName": UNKNOWN, "level": "CanNotDelete"}
    assert judge(RULES, server, resource(LOCK_OF_GROUP, locked, "lock", depends_on=[GROUP])) == []
    other = resource(LOCK_OF_GROUP, locked, "lock", depends_on=[urn_of("azure-native:resources:ResourceGroup", "other")])
    only(judge(RULES, server, other), AZURE_LOCK, "options.protect = false")


def test_an_unknown_level_of_a_lock_is_undecided() -> None:
    lock = resource(LOCK_BY_SCOPE, {"scope": SERVER_ID, "level": UNKNOWN}, "lock")
    assert judge(RULES, resource(AZURE_SERVER, SERVER), lock) == []
    assert undecided(lock) == ["level"]


@pytest.mark.parametrize("end", ["255.255.255.255", "0.0.0.0"])  # noqa: S104 # ends of firewall rules
def test_a_firewall_open_to_all_is_a_violation(end: str) -> None:
    rule = {"serverName": "plinth", "startIpAddress": "0.0.0.0", "endIpAddress": end}  # noqa: S104 # start of a firewall rule
    only(judge(RULES, resource(FIREWALL_TYPE, rule)), AZURE_FIREWALL, "startIpAddress = '0.0.0.0'")
    assert judge(RULES, resource(FIREWALL_TYPE, changed(rule, "startIpAddress", "10.0.0.0"))) == []
    unknown = resource(FIREWALL_TYPE, changed(rule, "startIpAddress", UNKNOWN))
    assert judge(RULES, unknown) == []
    assert undecided(unknown) == ["startIpAddress"]


@pytest.mark.parametrize(("value", "clean"), [("ON", True), ("on", True), ("OFF", False), (None, False)])
def test_tls_stays_required(value: str | None, clean: bool) -> None:  # noqa: FBT001 # a column
    configuration = {"configurationName": "require_secure_transport"} | ({} if value is None else {"value": value})
    found = judge(RULES, resource(AZURE_CONFIGURATION, configuration))
    assert found == [] if clean else only(found, AZURE_PARAMETERS, "value = ")


def test_other_parameters_of_a_server_are_free() -> None:
    assert judge(RULES, resource(AZURE_CONFIGURATION, {"configurationName": "log_checkpoints", "value": "off"})) == []
