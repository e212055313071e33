from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.database.flexible_server.arguments import FlexiblePostgresArgs
from components.database.flexible_server.postgres import FlexiblePostgres
from tests.components.database.flexible_server.settings import ADMINISTRATORS, LOCATION, database_args, database_settings
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

ARGS = database_args(database_settings())
SERVER = "azure-native:dbforpostgresql:Server"
PARAMETER = "azure-native:dbforpostgresql:Configuration"
ADMINISTRATOR = "azure-native:dbforpostgresql:AdministratorsMicrosoftEntra"
DATABASE = "azure-native:dbforpostgresql:Database"
LOCK = "azure-native:authorization:ManagementLockByScope"
ALARM = "azure-native:monitor:MetricAlert"


def database(preview: Preview, args: FlexiblePostgresArgs = ARGS) -> Run:
    return preview(lambda: FlexiblePostgres("db", args))


def parameters(run: Run) -> dict[str, str]:
    return {each.inputs["configurationName"]: each.inputs["value"] for each in of_type(run, PARAMETER)}


@pytest.fixture
def run(preview: Preview) -> Run:
    return database(preview)


@pytest.fixture
def server(run: Run) -> RecordedResource:
    return the(run, SERVER, "db-server")


def test_everything_belongs_to_the_component(run: Run) -> None:
    (component,) = of_type(run, "plinth:database:FlexiblePostgres")
    assert all(resource.parent == component.urn for resource in run.resources if resource.type.startswith("azure-native:"))


def test_the_database_is_private_and_speaks_tls_only(run: Run, server: RecordedResource) -> None:
    assert server.inputs["network"] == {"delegatedSubnetResourceId": "subnet-databases", "privateDnsZoneArmResourceId": "zone-databases"}
    assert parameters(run)["require_secure_transport"] == "on"
    assert parameters(run)["ssl_min_protocol_version"] == "TLSv1.2"
    assert not of_type(run, "azure-native:dbforpostgresql:FirewallRule")


def test_nobody_has_a_password(run: Run, server: RecordedResource) -> None:
    assert server.inputs["authConfig"] == {
        "activeDirectoryAuth": "Enabled",
        "passwordAuth": "Disabled",
        "tenantId": LOCATION.tenant_id,
    }
    assert not {"administratorLogin", "administratorLoginPassword"} & set(server.inputs)
    (administrator,) = of_type(run, ADMINISTRATOR)
    assert administrator.inputs["objectId"] == ADMINISTRATORS
    assert administrator.inputs["principalName"] == "platform-admins"
    assert administrator.inputs["principalType"] == "Group"


def test_a_zone_and_a_region_may_be_lost(server: RecordedResource) -> None:
    assert server.inputs["highAvailability"]["mode"] == "ZoneRedundant"
    assert server.inputs["backup"] == {"backupRetentionDays": 30, "geoRedundantBackup": "Enabled"}


def test_a_failover_is_no_change_that_the_next_update_undoes(server: RecordedResource) -> None:
    # No preference, which the SDK writes as an empty text, and which the provider would take for another zone.
    assert server.inputs["availabilityZone"] == server.inputs["highAvailability"]["standbyAvailabilityZone"] == ""
    assert option(server, "ignore_changes") == ["availabilityZone", "highAvailability.standbyAvailabilityZone"]


@pytest.mark.parametrize(
    ("window", "day", "hour", "minute"),
    [("sun:04:30-sun:05:30", 0, 4, 30), ("mon:00:00-mon:01:00", 1, 0, 0), ("sat:23:30-sun:00:30", 6, 23, 30)],
)
def test_maintenance_begins_when_it_is_said_counted_from_sunday(preview: Preview, window: str, day: int, hour: int, minute: int) -> None:
    run = database(preview, replace(ARGS, settings=database_settings(maintenanceWindow=window)))
    assert the(run, SERVER, "db-server").inputs["maintenanceWindow"] == {
        "customWindow": "Enabled",
        "dayOfWeek": day,
        "startHour": hour,
        "startMinute": minute,
    }


def test_the_major_is_pinned_and_the_size_is_told_with_its_tier(server: RecordedResource) -> None:
    assert server.inputs["version"] == "17"
    assert server.inputs["sku"] == {"name": "Standard_D2ds_v5", "tier": "GeneralPurpose"}
    assert server.inputs["storage"] == {"type": "Premium_LRS", "storageSizeGB": 256, "autoGrow": "Enabled"}


def test_clients_share_connections_through_the_pooler(run: Run) -> None:
    assert parameters(run)["pgbouncer.enabled"] == "true"
    assert parameters(run)["pgbouncer.pool_mode"] == "transaction"
    assert parameters(run)["pgbouncer.default_pool_size"] == "50"
    assert int(parameters(run)["pgbouncer.max_prepared_statements"]) > 0


def test_a_burstable_server_has_neither_pooler_nor_query_store_nor_standby(preview: Preview) -> None:
    run = database(preview, replace(ARGS, settings=database_settings(sku="Standard_B2s", multiAz=False)))
    assert the(run, SERVER, "db-server").inputs["highAvailability"]["mode"] == "Disabled"
    assert not [name for name in parameters(run) if name.startswith(("pgbouncer", "pg_qs", "pgms", "metrics.pgbouncer"))]


def test_databases_may_create_the_extensions_that_are_named_and_the_statistics_of_the_runbooks(preview: Preview, run: Run) -> None:
    named = database(preview, replace(ARGS, settings=database_settings(extensions=["uuid-ossp", "pgcrypto"])))
    assert parameters(run)["azure.extensions"] == "pg_stat_statements"
    assert parameters(named)["azure.extensions"] == "pg_stat_statements,pgcrypto,uuid-ossp"


def test_azure_is_asked_for_one_change_of_the_server_at_a_time(run: Run) -> None:
    changes = [each for each in run.resources if each.type in {PARAMETER, ADMINISTRATOR, DATABASE}]
    first = the(run, "azure-native:monitor:DiagnosticSetting", "db-logs")
    assert the(run, SERVER, "db-server").urn in first.dependencies
    for before, after in zip([first, *changes], changes, strict=False):
        assert before.urn in after.dependencies
    assert changes[-1].type == DATABASE


def test_a_retained_database_cannot_be_lost_by_mistake(run: Run, server: RecordedResource) -> None:
    (lock,) = of_type(run, LOCK)
    assert lock.inputs["level"] == "CanNotDelete"
    assert server.urn in lock.dependencies
    assert option(server, "protect") is True
    assert option(the(run, DATABASE, "db-database"), "protect") is True


def test_a_database_marked_for_teardown_is_protected_by_nothing(preview: Preview) -> None:
    run = database(preview, replace(ARGS, retain=False))
    assert not of_type(run, LOCK)
    assert not any(option(resource, "protect") for resource in run.resources)


def test_a_server_that_goes_is_not_emptied_before(run: Run, server: RecordedResource) -> None:
    children = [each for each in run.resources if each.type in {PARAMETER, ADMINISTRATOR, DATABASE}]
    assert all(option(each, "deleted_with") == server.urn for each in children)


def test_a_slow_minute_can_be_explained_afterwards(run: Run) -> None:
    assert parameters(run)["pg_qs.query_capture_mode"] == "top"
    (setting,) = of_type(run, "azure-native:monitor:DiagnosticSetting")
    assert {log["category"] for log in setting.inputs["logs"]} >= {"PostgreSQLLogs", "PostgreSQLFlexQueryStoreRuntime"}


def test_everything_that_can_be_tagged_is(run: Run) -> None:
    assert the(run, SERVER, "db-server").inputs["tags"] == {
        **LOCATION.tags,
        "platform:rpo": "5m",
        "platform:rto": "10m",
        "tier": "enterprise",
    }
    for token in (ALARM, "azure-native:monitor:ActionGroup", "azure-native:monitor:ActivityLogAlert"):
        assert all(resource.inputs["tags"] == LOCATION.tags for resource in of_type(run, token))


def test_alarms_ring_for_silence_connections_storage_and_a_busy_processor(run: Run, server: RecordedResource) -> None:
    found = {}
    for alarm in of_type(run, ALARM):
        (criterion,) = alarm.inputs["criteria"]["allOf"]
        found[criterion["metricName"]] = (criterion["operator"], criterion["threshold"])
        assert server.urn in alarm.dependencies
    assert found == {
        "is_db_alive": ("LessThan", 1),
        "active_connections": ("GreaterThan", 773),
        "storage_percent": ("GreaterThan", 94),
        "cpu_percent": ("GreaterThan", 90),
    }


def test_alarms_reach_people_and_the_action_groups_that_are_named(preview: Preview) -> None:
    oncall = f"/subscriptions/{LOCATION.subscription_id}/resourceGroups/hub/providers/Microsoft.Insights/actionGroups/oncall"
    settings = database_settings(alarms={"emails": ["oncall@example.com"], "actionGroupIds": [oncall]})
    run = database(preview, replace(ARGS, settings=settings))
    (group,) = of_type(run, "azure-native:monitor:ActionGroup")
    assert [receiver["emailAddress"] for receiver in group.inputs["emailReceivers"]] == ["oncall@example.com"]
    assert len(group.inputs["groupShortName"]) <= 12
    for alarm in of_type(run, ALARM):
        assert group.urn in alarm.dependencies
        assert oncall in [action["actionGroupId"] for action in alarm.inputs["actions"]]
    (health,) = of_type(run, "azure-native:monitor:ActivityLogAlert")
    assert oncall in [action["actionGroupId"] for action in health.inputs["actions"]["actionGroups"]]
